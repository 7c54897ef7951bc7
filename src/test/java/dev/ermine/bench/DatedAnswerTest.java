package dev.ermine.bench;

import static org.assertj.core.api.Assertions.assertThat;

import io.vertx.core.buffer.Buffer;
import java.util.List;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

class DatedAnswerTest {

  private static final List<String> BOTH = List.of("a", "b");
  private static final String WHOLE = "known=2, agreed=2, asked=2, answered=2, all-answered";
  private static final String PART = WHOLE + "=?0";

  @Test
  void isCompleteWhereAllThatRegionsHoldIsThereAndSaidToBe() {
    DatedAnswer all = answer(WHOLE, entry("a"), entry("b"), outcome("answered", "answered"));
    assertThat(all.isComplete(BOTH, 1)).isTrue();
    assertThat(all.isHonest(BOTH, Set.of(), 1)).isTrue();
    assertThat(all.looksWholerThanItIs(BOTH, 1)).isFalse();
    assertThat(all.isComplete(BOTH, 2)).as("each holds another").isFalse();
    assertThat(
            answer(PART, entry("a"), entry("b"), outcome("answered", "answered"))
                .isComplete(BOTH, 1))
        .isFalse();
  }

  @Test
  void isHonestWhereWhatIsMissingIsOfARegionInTroubleAndSaidToBeMissing() {
    DatedAnswer part = answer(PART, entry("a"), outcome("answered", "timed-out"));
    assertThat(part.isComplete(BOTH, 1)).isFalse();
    assertThat(part.isHonest(BOTH, Set.of("b"), 1)).isTrue();
    assertThat(part.isHonest(BOTH, Set.of("a"), 1)).as("b is not in trouble").isFalse();
    assertThat(part.looksWholerThanItIs(BOTH, 1)).isFalse();
  }

  @Test
  void pretendsWhereWhatIsMissingIsNotSaidToBe() {
    DatedAnswer claimed = answer(WHOLE, entry("a"), outcome("answered", "timed-out"));
    assertThat(claimed.looksWholerThanItIs(BOTH, 1)).isTrue();
    DatedAnswer unsaid = answer(PART, entry("a"), outcome("answered", "answered"));
    assertThat(unsaid.looksWholerThanItIs(BOTH, 1)).isTrue();
    assertThat(unsaid.isHonest(BOTH, Set.of("b"), 1)).isFalse();
  }

  @Test
  void countsWhatIsAboutSomeoneElse() {
    String other = entry("b").replace(HeldRecord.PATIENT, HeldRecord.SOMEONE_ELSE);
    assertThat(answer(WHOLE, entry("a"), other).someoneElses()).isEqualTo(1);
  }

  private static DatedAnswer answer(String account, String... entries) {
    String body = "{\"entry\":[" + String.join(",", entries) + "]}";
    return DatedAnswer.of(new DatedAnswer.Told(1, 200, account, Buffer.buffer(body)));
  }

  private static String entry(String region) {
    return """
        {"fullUrl":"https://gateway.example/regions/%s/fhir/Observation/1","search":{"mode":"match"},
         "resource":{"subject":{"identifier":{"value":"%s"}}}}"""
        .formatted(region, HeldRecord.PATIENT);
  }

  private static String outcome(String ofA, String ofB) {
    return Stream.of(issue("a", ofA), issue("b", ofB))
        .collect(
            Collectors.joining(
                ",", "{\"search\":{\"mode\":\"outcome\"},\"resource\":{\"issue\":[{},", "]}}"));
  }

  private static String issue(String region, String status) {
    return """
        {"details":{"coding":[{"system":"https://ermine.dev/fhir/CodeSystem/account","code":"%s"},
         {"system":"https://ermine.dev/fhir/CodeSystem/region","code":"%s"}]}}"""
        .formatted(status, region);
  }
}
