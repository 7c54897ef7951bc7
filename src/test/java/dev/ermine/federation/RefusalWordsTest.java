package dev.ermine.federation;

import static org.assertj.core.api.Assertions.assertThat;

import dev.ermine.trust.OfficerTrust;
import dev.ermine.trust.Trust;
import java.util.Arrays;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

class RefusalWordsTest {

  @Test
  void hasASentenceForEveryReasonThatTheAuditQuotes() {
    List<Enum<?>> reasons =
        Stream.<Enum<?>[]>of(
                Trust.Reason.values(),
                FederatedAnswer.Failure.values(),
                OfficerTrust.Reason.values())
            .flatMap(Arrays::stream)
            .toList();

    assertThat(reasons)
        .allSatisfy(reason -> assertThat(RefusalWords.of(reason.name())).isPresent());
  }

  @Test
  void hasNoneForWhatIsNoReason() {
    assertThat(RefusalWords.of("answered 200")).isEmpty();
  }
}
