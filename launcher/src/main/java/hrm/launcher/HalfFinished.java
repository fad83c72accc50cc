package hrm.launcher;

import com.fasterxml.jackson.annotation.JsonProperty;
import hrm.model.Json;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.time.Duration;
import java.util.Arrays;

/**
 * How many half-finished matches a pattern has now, as the running job counts them: the metric
 * {@code pattern.ID.partialMatches}, through Flink's REST interface.
 *
 * @param flink http://host:port; null when no cluster is known
 */
record HalfFinished(String flink) {
    private static final Duration PATIENCE = Duration.ofSeconds(5);

    /**
     * @param count null when it cannot be known
     * @param why it cannot; null when it can
     */
    record Answer(Long count, String why) {}

    static HalfFinished ofUsualStack() {
        return new HalfFinished(
                StackFolder.usual().running().map(StackFolder.Running::flink).orElse(null));
    }

    Answer of(String patternId) {
        if (flink == null) {
            return new Answer(null, "no stack of hrm up runs here to ask");
        }
        try {
            for (var job : get("/jobs", Jobs.class).jobs) {
                if (!job.status.equals("RUNNING")) {
                    continue;
                }
                for (var vertex : get("/jobs/" + job.id, Job.class).vertices) {
                    var answer = ofVertex(job.id, vertex.id, patternId);
                    if (answer != null) {
                        return answer;
                    }
                }
            }
            return new Answer(
                    null,
                    "no running job counts matches of this pattern yet; what was just published is"
                            + " counted some seconds later");
        } catch (UncheckedIOException e) {
            return new Answer(null, "Flink at " + flink + " does not answer");
        }
    }

    private Answer ofVertex(String job, String vertex, String patternId) {
        var path = "/jobs/" + job + "/vertices/" + vertex + "/subtasks/metrics";
        var end = ".pattern." + patternId + ".partialMatches";
        for (var metric : get(path, Metric[].class)) {
            if (metric.id.endsWith(end)) {
                var sums = get(path + "?agg=sum&get=" + metric.id, Metric[].class);
                return Arrays.stream(sums)
                        .map(sum -> new Answer(Math.max(0, Math.round(sum.sum)), null))
                        .findFirst()
                        .orElse(null);
            }
        }
        return null;
    }

    private <T> T get(String path, Class<T> type) {
        var client = HttpClient.newBuilder().connectTimeout(PATIENCE).build();
        var request = HttpRequest.newBuilder(URI.create(flink + path)).timeout(PATIENCE).build();
        try {
            return Json.read(
                    client.send(request, HttpResponse.BodyHandlers.ofByteArray()).body(), type);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new Failure("Interrupted", e);
        }
    }

    private record Jobs(@JsonProperty("jobs") JobId[] jobs) {}

    private record JobId(@JsonProperty("id") String id, @JsonProperty("status") String status) {}

    private record Job(@JsonProperty("vertices") Vertex[] vertices) {}

    private record Vertex(@JsonProperty("id") String id) {}

    private record Metric(@JsonProperty("id") String id, @JsonProperty("sum") double sum) {}
}
