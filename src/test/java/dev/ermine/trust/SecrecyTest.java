package dev.ermine.trust;

import static dev.ermine.trust.World.HWE_KEY;
import static dev.ermine.trust.World.hwe;
import static dev.ermine.trust.World.regions;
import static dev.ermine.trust.World.token;
import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import dev.ermine.testing.TestTokens;
import dev.ermine.trust.Trust.Reason;
import dev.ermine.trust.Trust.Trusted;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

/** No answer, exception or printed value holds a token, or what a token says of a person. */
class SecrecyTest {

  private static final List<String> CANARIES =
      List.of("9000000009", "Okafor", "1961-04-02", "10019", "111222333444", "canary");

  private static final TestTokens CANARY = token().with("reason_for_request", "canary");

  @Test
  void printsNothingOfATrustedToken() {
    String token = CANARY.sign(HWE_KEY);
    Trust trust = World.verifier(regions()).verify(hwe(token));
    assertThat(trust).isInstanceOf(Trusted.class);
    isSilent(trust.toString(), token);
    isSilent(((Trusted) trust).requester().patient().toString(), token);
  }

  @Test
  void printsNothingOfARefusedToken() {
    for (String token :
        List.of(
            CANARY.with("sub", 10019).sign(HWE_KEY),
            CANARY.header("kid", "canary").sign(HWE_KEY),
            CANARY.header("canary", "canary").sign(HWE_KEY),
            CANARY.with("aud", "canary").sign(HWE_KEY),
            CANARY.with("hops", List.of("ermine-east")).sign(HWE_KEY),
            CANARY.with("canary", "x".repeat(5000)).sign(HWE_KEY),
            CANARY.sign(HWE_KEY) + "canary")) {
      isSilent(World.verifier(regions()).verify(hwe(token)).toString(), token);
    }
  }

  @Test
  void printsNothingOfCredentials() {
    String token = CANARY.sign(HWE_KEY);
    isSilent(hwe(token).toString(), token);
  }

  @Test
  void printsNothingOnTheWay() throws Exception {
    String token = CANARY.sign(HWE_KEY);
    TokenForm form = TokenForm.read(token);
    isSilent(form.toString(), token);
    isSilent(form.claims().toString(), token);
  }

  @Test
  void throwsNothingThatQuotesAToken() {
    StringWriter trace = new StringWriter();
    Claims claims =
        new Claims(
            JsonNodeFactory.instance.objectNode().put("sub", "canary\n"), Reason.TOKEN_CLAIMS);
    try {
      claims.text("sub");
    } catch (Refusal refusal) {
      refusal.printStackTrace(new PrintWriter(trace));
    }
    assertThat(trace.toString()).contains("TOKEN_CLAIMS");
    isSilent(trace.toString(), "canary");
  }

  @Test
  void printsNothingOfARequestersParts() {
    Requester requester =
        ((Trusted) World.verifier(regions()).verify(hwe(CANARY.sign(HWE_KEY)))).requester();
    assertThat(requester).hasToString("Requester[hwe, RQW]");
    assertThat(Map.of("requester", requester).toString()).doesNotContain(CANARIES);
  }

  private static void isSilent(String printed, String token) {
    assertThat(printed).doesNotContain(CANARIES).doesNotContain(token.split("\\.", -1));
  }
}
