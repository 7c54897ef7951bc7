package dev.ermine.testing;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.http.HttpResponse;
import java.util.List;

/**
 * What every refusal has to be: one OperationOutcome that says what to mend, kept by nobody, and
 * without a word of what was sent.
 */
public final class RefusalJudge {

  private static final ObjectMapper JSON = new ObjectMapper();

  private RefusalJudge() {}

  /** Fails unless {@code response} is a refusal of that status, its first issue of that code. */
  public static void judge(HttpResponse<byte[]> response, int status, String code) {
    String body = new String(response.body(), UTF_8);
    assertThat(response.statusCode()).as(body).isEqualTo(status);
    assertThat(response.headers().allValues("Content-Type"))
        .containsExactly("application/fhir+json;charset=UTF-8");
    assertThat(response.headers().allValues("Cache-Control")).containsExactly("no-store");
    assertThat(response.headers().allValues("X-Content-Type-Options")).containsExactly("nosniff");
    assertThat(response.headers().firstValue("WWW-Authenticate").isPresent())
        .isEqualTo(status == 401);
    assertThat(FhirJudge.errors(body)).isEmpty();
    assertThat(body).doesNotContainPattern("\\d{10}");
    JsonNode issue = outcome(body).at("/issue/0");
    assertThat(issue.at("/code").asText()).isEqualTo(code);
    assertThat(issue.at("/severity").asText()).isEqualTo("error");
    assertThat(issue.at("/details/text").asText()).as("what to mend").isNotBlank();
  }

  /** Fails if the response, head or body, has any of these texts. */
  public static void tellsNothingOf(HttpResponse<byte[]> response, List<String> texts) {
    String all = response.headers().map() + new String(response.body(), UTF_8);
    assertThat(texts).allSatisfy(text -> assertThat(all).doesNotContain(text));
  }

  private static JsonNode outcome(String body) {
    try {
      JsonNode outcome = JSON.readTree(body);
      assertThat(outcome.at("/resourceType").asText()).isEqualTo("OperationOutcome");
      return outcome;
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
