package dev.ermine.http;

import static org.assertj.core.api.Assertions.assertThat;

import dev.ermine.federation.FederatedAnswer.Tally;
import dev.ermine.federation.FederatedAnswer.Timing;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.Test;

class AccountHeadersTest {

  @Test
  void saysTheAccountAsADictionary() {
    assertThat(AccountHeaders.of(new Tally(8, 7, 6, 5, false, List.of())))
        .containsOnlyKeys("Ermine-Account")
        .containsEntry("Ermine-Account", "known=8, agreed=7, asked=6, answered=5, all-answered=?0");
  }

  @Test
  void writesTrueByItsKeyAlone() {
    assertThat(AccountHeaders.of(new Tally(1, 1, 1, 1, true, List.of())).get("Ermine-Account"))
        .isEqualTo("known=1, agreed=1, asked=1, answered=1, all-answered");
  }

  @Test
  void saysTimingsWhereTheyMayBeKnown() {
    Tally tally =
        new Tally(
            2,
            2,
            2,
            2,
            true,
            List.of(
                new Timing("london", Duration.ofMillis(150)),
                new Timing("wessex", Duration.ofMillis(1500))));
    assertThat(AccountHeaders.of(tally).get("Server-Timing"))
        .isEqualTo("london;dur=150, wessex;dur=1500");
  }
}
