import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonToken;
import java.io.IOException;
import java.io.UncheckedIOException;

/** What is needed of an event, read with Jackson's streaming parser; one object for all events. */
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

    /** Envelope and payload share no names of these, so the nesting need not be followed. */
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
