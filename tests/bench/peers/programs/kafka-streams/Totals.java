import java.time.Duration;
import java.util.Map;
import java.util.Properties;
import org.apache.kafka.clients.consumer.ConsumerConfig;
import org.apache.kafka.clients.producer.ProducerConfig;
import org.apache.kafka.common.serialization.Serdes;
import org.apache.kafka.streams.KafkaStreams;
import org.apache.kafka.streams.StreamsConfig;
import org.apache.kafka.streams.Topology;
import org.apache.kafka.streams.state.KeyValueBytesStoreSupplier;
import org.apache.kafka.streams.state.KeyValueStore;
import org.apache.kafka.streams.state.StoreBuilder;
import org.apache.kafka.streams.state.Stores;

/**
 * Kafka Streams, Processor API, exactly_once_v2, one thread. Three cached stores with changelogs: a commit writes
 * each changed total once. Arguments: memory or rocksdb, broker, topic, group, folder.
 */
public final class Totals {
    static final String[] STORES = {"place-quarter", "place-day", "sensor-day"};
    private static final Duration CLOSE = Duration.ofSeconds(10);

    private Totals() {}

    public static void main(String[] given) {
        KafkaStreams streams = new KafkaStreams(topology(given[0], given[2]), settings(given[1], given[3], given[4]));
        streams.setUncaughtExceptionHandler(error -> {
            error.printStackTrace();
            return org.apache.kafka.streams.errors.StreamsUncaughtExceptionHandler.StreamThreadExceptionResponse
                .SHUTDOWN_CLIENT;
        });
        Runtime.getRuntime().addShutdownHook(new Thread(() -> streams.close(CLOSE)));
        streams.start();
    }

    private static Topology topology(String kind, String topic) {
        Topology topology = new Topology();
        topology.addSource("facts", Serdes.ByteArray().deserializer(), Serdes.ByteArray().deserializer(), topic);
        topology.addProcessor("totals", Adding::new, "facts");
        for (String name : STORES) {
            topology.addStateStore(store(kind, name), "totals");
        }
        return topology;
    }

    private static StoreBuilder<KeyValueStore<String, Long>> store(String kind, String name) {
        KeyValueBytesStoreSupplier supplier = switch (kind) {
            case "memory" -> Stores.inMemoryKeyValueStore(name);
            case "rocksdb" -> Stores.persistentKeyValueStore(name);
            default -> throw new IllegalArgumentException(kind + ": memory or rocksdb");
        };
        return Stores.keyValueStoreBuilder(supplier, Serdes.String(), Serdes.Long())
            .withCachingEnabled()
            .withLoggingEnabled(Map.of());
    }

    private static Properties settings(String broker, String group, String folder) {
        Properties settings = new Properties();
        settings.put(StreamsConfig.APPLICATION_ID_CONFIG, group);
        settings.put(StreamsConfig.BOOTSTRAP_SERVERS_CONFIG, broker);
        settings.put(StreamsConfig.STATE_DIR_CONFIG, folder);
        settings.put(StreamsConfig.PROCESSING_GUARANTEE_CONFIG, StreamsConfig.EXACTLY_ONCE_V2);
        settings.put(StreamsConfig.COMMIT_INTERVAL_MS_CONFIG, 1_000);
        settings.put(StreamsConfig.NUM_STREAM_THREADS_CONFIG, 1);
        settings.put(StreamsConfig.REPLICATION_FACTOR_CONFIG, 1);
        settings.put(StreamsConfig.consumerPrefix(ConsumerConfig.AUTO_OFFSET_RESET_CONFIG), "earliest");
        settings.put(StreamsConfig.producerPrefix(ProducerConfig.COMPRESSION_TYPE_CONFIG), "lz4");
        return settings;
    }
}
