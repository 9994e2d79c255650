import java.time.Instant;
import java.time.LocalDateTime;
import java.time.OffsetDateTime;
import java.time.ZoneId;
import java.util.HashMap;
import java.util.Map;
import org.apache.kafka.streams.processor.api.Processor;
import org.apache.kafka.streams.processor.api.ProcessorContext;
import org.apache.kafka.streams.processor.api.Record;
import org.apache.kafka.streams.state.KeyValueStore;

/** Adds each event's visitors to its three totals. */
final class Adding implements Processor<byte[], byte[], Void, Void> {
    private static final long QUARTER_S = 900;
    private static final ZoneId ZONE = ZoneId.of("Asia/Shanghai");

    private final Counted counted = new Counted();
    private final Map<Long, Periods> known = new HashMap<>();
    private KeyValueStore<String, Long> placeQuarter;
    private KeyValueStore<String, Long> placeDay;
    private KeyValueStore<String, Long> sensorDay;

    @Override
    public void init(ProcessorContext<Void, Void> context) {
        placeQuarter = context.getStateStore(Totals.STORES[0]);
        placeDay = context.getStateStore(Totals.STORES[1]);
        sensorDay = context.getStateStore(Totals.STORES[2]);
    }

    @Override
    public void process(Record<byte[], byte[]> record) {
        counted.read(record.value());
        long quarter = OffsetDateTime.parse(counted.start).toEpochSecond() / QUARTER_S;
        Periods periods = known.computeIfAbsent(quarter, Periods::of);
        add(placeQuarter, counted.place + ' ' + periods.quarter);
        add(placeDay, counted.place + ' ' + periods.day);
        add(sensorDay, counted.sensor + ' ' + periods.day);
    }

    private void add(KeyValueStore<String, Long> totals, String key) {
        Long before = totals.get(key);
        totals.put(key, before == null ? counted.entered : before + counted.entered);
    }

    /** A quarter-hour since 1970 and its civil day, as text. */
    private record Periods(String quarter, String day) {
        static Periods of(long number) {
            LocalDateTime start = LocalDateTime.ofInstant(Instant.ofEpochSecond(number * QUARTER_S), ZONE);
            return new Periods(start.toString(), start.toLocalDate().toString());
        }
    }
}
