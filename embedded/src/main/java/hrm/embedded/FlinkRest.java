package hrm.embedded;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse.BodyHandlers;
import java.time.Duration;
import java.util.Optional;

/** The JobManager's REST interface. */
final class FlinkRest {
    private static final ObjectMapper JSON = new ObjectMapper();
    private static final Duration LIMIT = Duration.ofSeconds(20);

    private final String address;
    private final HttpClient client =
            HttpClient.newBuilder()
                    .version(HttpClient.Version.HTTP_1_1)
                    .connectTimeout(Duration.ofSeconds(5))
                    .build();

    /**
     * @param address http://host:port
     */
    FlinkRest(String address) {
        this.address = address;
    }

    JsonNode get(String path) throws IOException {
        return send("GET", path, "");
    }

    JsonNode post(String path, String json) throws IOException {
        return send("POST", path, json);
    }

    JsonNode patch(String path) throws IOException {
        return send("PATCH", path, "");
    }

    /** Nothing while the JobManager is away or still starting. */
    static ObjectNode json() {
        return JSON.createObjectNode();
    }

    Optional<JsonNode> tryGet(String path) {
        try {
            return Optional.of(get(path));
        } catch (IOException away) {
            return Optional.empty();
        }
    }

    private JsonNode send(String method, String path, String json) throws IOException {
        var request =
                HttpRequest.newBuilder(URI.create(address + path))
                        .timeout(LIMIT)
                        .header("Content-Type", "application/json")
                        .method(
                                method,
                                json.isEmpty()
                                        ? BodyPublishers.noBody()
                                        : BodyPublishers.ofString(json))
                        .build();
        try {
            var response = client.send(request, BodyHandlers.ofString());
            if (response.statusCode() / 100 != 2) {
                throw new IOException(
                        "Flink answered %d to %s %s: %s"
                                .formatted(
                                        response.statusCode(),
                                        method,
                                        path,
                                        errors(response.body())));
            }
            return JSON.readTree(response.body().isEmpty() ? "{}" : response.body());
        } catch (InterruptedException interrupted) {
            Thread.currentThread().interrupt();
            throw new IOException("Interrupted while asking Flink for " + path, interrupted);
        }
    }

    private static String errors(String body) {
        try {
            return JSON.readTree(body).path("errors").toString();
        } catch (IOException notJson) {
            return body;
        }
    }

    static <T> T unchecked(Call<T> call) {
        try {
            return call.call();
        } catch (IOException failure) {
            throw new UncheckedIOException(failure.getMessage(), failure);
        }
    }

    interface Call<T> {
        T call() throws IOException;
    }
}
