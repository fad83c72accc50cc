package hrm.sinks;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.time.Duration;
import java.util.Properties;
import org.junit.jupiter.api.Test;

class OptionsTest {
    @Test
    void noSecretIsInTheText() {
        var config = new Properties();
        config.setProperty("sasl.jaas.config", "… password='hush'");

        assertThat(new KafkaOptions("kafka:9092", config))
                .asString()
                .contains("kafka:9092")
                .doesNotContain("hush");
        assertThat(JdbcOptions.of("jdbc:postgresql://db:5432/hrm?password=hush", "hrm", "hush"))
                .asString()
                .contains("//db:5432/hrm", "user hrm")
                .doesNotContain("hush");
        assertThat(JdbcOptions.of("jdbc:postgresql://hrm:hush@db:5432/hrm", null, null))
                .asString()
                .contains("db:5432/hrm")
                .doesNotContain("hush");
    }

    @Test
    void anotherDatabaseIsRefusedWithWhatToWriteInstead() {
        assertThatThrownBy(() -> JdbcOptions.of("mysql://db/hrm", "hrm", "hush"))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("mysql")
                .hasMessageContaining("Write jdbc:postgresql://host:port/database")
                .message()
                .doesNotContain("hush");
    }

    /** Zero means for ever to the driver. */
    @Test
    void aTimeoutUnderASecondIsRefused() {
        for (var timeout : new Duration[] {Duration.ZERO, Duration.ofMillis(999)}) {
            assertThatThrownBy(
                            () ->
                                    new JdbcOptions(
                                            "jdbc:postgresql://db/hrm",
                                            "hrm",
                                            null,
                                            timeout,
                                            Duration.ofSeconds(1)))
                    .hasMessageContaining("socket timeout")
                    .hasMessageContaining("at least 1s");
        }
        new JdbcOptions(
                "jdbc:postgresql://db/hrm",
                "hrm",
                null,
                Duration.ofSeconds(1),
                Duration.ofSeconds(1));
    }

    @Test
    void connectorGetsTheTimeouts() {
        var properties =
                JdbcOptions.of("jdbc:postgresql://db/hrm", "hrm", "hush")
                        .connection()
                        .getProperties();

        assertThat(properties)
                .containsEntry("user", "hrm")
                .containsEntry("password", "hush")
                .containsEntry("socketTimeout", "20")
                .containsEntry("connectTimeout", "10");
    }

    @Test
    void laterChangesOfThePropertiesDoNotReachTheOptions() {
        var config = new Properties();
        var options = new KafkaOptions("kafka:9092", config);

        config.setProperty("acks", "0");

        assertThat(options.config()).isEmpty();
    }
}
