package dev.ermine.http;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import dev.ermine.federation.Quality;
import dev.ermine.merge.quality.Flaw;
import dev.ermine.region.Regions;
import dev.ermine.testing.Given;
import dev.ermine.testing.SelfSigned;
import java.time.Duration;
import org.junit.jupiter.api.Test;

class QualityFoundTest {

  @Test
  void listsEveryRegionThatAnswersWithEveryKind() {
    Regions regions =
        Given.regions(
            SelfSigned.certificate(Given.NOON, Given.NOON.plus(Duration.ofDays(1))),
            Given.region("london"),
            Given.region("wessex"));
    JsonNode json = new QualityFound(() -> regions, new Quality(Given.NOON)).json();
    assertThat(json.path("since").asText()).isEqualTo(Given.NOON.toString());
    assertThat(json.path("note").asText()).contains("this pod");
    assertThat(json.path("regions"))
        .extracting(region -> region.path("id").asText())
        .containsExactly("london", "wessex");
    assertThat(json.at("/regions/0/seen").asInt()).isZero();
    for (Flaw flaw : Flaw.values()) {
      assertThat(
              json.at("/regions/1/flawed/" + flaw.id()).isInt()
                  || json.at("/regions/1/flawed/" + flaw.id()).isLong())
          .as(flaw.id())
          .isTrue();
    }
  }
}
