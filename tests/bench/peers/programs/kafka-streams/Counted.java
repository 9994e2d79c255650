import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonToken;
import java.io.IOException;
import java.io.UncheckedIOException;

/** The fields of an event that the job needs, read with Jackson's streaming parser; one object for all events. */
final class Counted {
    private static final JsonFactory JSON = new JsonFactory();

    String place;
    String sensor;
    String start;
    long entered;

    void read(byte[] event) {
        try (JsonParser parser = JSON.createParser(event)) {
            for (JsonToken token = parser.nextToken(); token != null; token = parser.nextToken()) {
                if (token == JsonToken.FIELD_NAME) {
                    take(parser);
                }
            }
        } catch (IOException error) {
            throw new UncheckedIOException(error);
        }
    }

    /** These names occur only once in envelope and payload, so the nesting can be ignored. */
    private void take(JsonParser parser) throws IOException {
        switch (parser.currentName()) {
            case "subject" -> place = parser.nextTextValue();
            case "sensor_id" -> sensor = parser.nextTextValue();
            case "window_start" -> start = parser.nextTextValue();
            case "entered" -> entered = parser.nextLongValue(0);
            default -> { }
        }
    }
}
