package dev.ermine.fhir;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.IntFunction;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** What a body may make the scanner hold, whatever it says. */
class ScanBoundsTest {

  private static final int MOST = 10_000;

  @Test
  void keepsTheFirstEntriesAndNoMoreThanItIsTold() {
    String body = bundle(3_000, i -> "{'resourceType':'Basic','id':'b" + i + "'}");
    List<Long> taken = new ArrayList<>();
    PeerBody.Searchset kept = (PeerBody.Searchset) scan(body, 5, taken).orElseThrow();
    assertThat(kept.entries()).hasSize(5);
    assertThat(kept.entries().getLast().id()).contains("b4");
    assertThat(taken).hasSize(5);
  }

  @Test
  void looksAsStrictlyAtWhatItDoesNotKeep() {
    String body = bundle(9, i -> i < 8 ? "{'resourceType':'Basic'}" : "{'resourceType':'basic'}");
    assertThat(scan(body, 5, new ArrayList<>())).get().isInstanceOf(PeerBody.Unreadable.class);
  }

  @Test
  void keepsWarningsThatStandBehindTheEntriesThatItKeeps() {
    String outcome =
        "{'resourceType':'OperationOutcome','issue':[{'severity':'warning','code':'incomplete'}]}";
    String body = bundle(9, i -> i < 8 ? "{'resourceType':'Basic'}" : outcome);
    assertThat(((PeerBody.Searchset) scan(body, 5, new ArrayList<>()).orElseThrow()).warnings())
        .hasSize(1);
  }

  @Test
  void endsWhereThereIsNoRoom() {
    String body = bundle(9, i -> "{'resourceType':'Basic'}");
    byte[] bytes = body.replace('\'', '"').getBytes(UTF_8);
    int[] left = {4};
    assertThat(BodyScanner.scan(bytes, bytes.length, 9, any -> left[0]-- > 0)).isEmpty();
    byte[] one = "{\"resourceType\":\"Basic\"}".getBytes(UTF_8);
    assertThat(BodyScanner.scan(one, one.length, 1, any -> false)).isEmpty();
  }

  @Test
  void takesRoomForWhatAnEntryHas() {
    List<Long> plain = new ArrayList<>();
    scan(bundle(1, i -> "{'resourceType':'Basic'}"), 1, plain);
    List<Long> coded = new ArrayList<>();
    scan(bundle(1, i -> resource("codings", 100)), 1, coded);
    List<Long> worded = new ArrayList<>();
    String url = "x".repeat(50_000);
    scan(bundle(1, i -> "{'resourceType':'Basic','a':{'url':'" + url + "'}}"), 1, worded);
    assertThat(coded.getFirst() - plain.getFirst()).isGreaterThan(100 * 100L);
    assertThat(worded.getFirst() - plain.getFirst()).isBetween(50_000L, 51_000L);
  }

  @ParameterizedTest
  @CsvSource({
    "codings",
    "labels",
    "tags",
    "references",
    "urls",
    "identifiers",
    "profiles",
    "dates"
  })
  void refusesAResourceWithMoreFacetsThanAnyRecord(String what) {
    assertThat(alone(resource(what, MOST))).isInstanceOf(PeerBody.Resource.class);
    assertThat(alone(resource(what, MOST + 1))).isInstanceOf(PeerBody.Unreadable.class);
  }

  @Test
  void refusesMoreIssuesThanAnAnswerHas() {
    assertThat(alone(outcome(1_000))).isInstanceOf(PeerBody.Outcome.class);
    assertThat(alone(outcome(1_001))).isInstanceOf(PeerBody.Unreadable.class);
    assertThat(alone(bundle(2, i -> outcome(500)))).isInstanceOf(PeerBody.Searchset.class);
    assertThat(alone(bundle(3, i -> outcome(500)))).isInstanceOf(PeerBody.Unreadable.class);
  }

  @Test
  void refusesMoreKeysThanAnyRecordHas() {
    assertThat(alone("{'resourceType':'Basic'," + list(199_999, i -> "'k" + i + "':1") + "}"))
        .isInstanceOf(PeerBody.Resource.class);
    assertThat(alone("{'resourceType':'Basic'," + list(200_000, i -> "'k" + i + "':1") + "}"))
        .isInstanceOf(PeerBody.Unreadable.class);
  }

  private static String resource(String what, int count) {
    String coding = "{'system':'s','code':'c%d'}";
    return "{'resourceType':'Basic',"
        + switch (what) {
          case "codings" -> "'code':{'coding':[" + list(count, coding::formatted) + "]}";
          case "labels" -> "'meta':{'security':[" + list(count, coding::formatted) + "]}";
          case "tags" -> "'meta':{'tag':[" + list(count, coding::formatted) + "]}";
          case "references" -> "'a':[" + list(count, i -> "{'reference':'P/" + i + "'}") + "]";
          case "urls" -> "'a':[" + list(count, i -> "{'url':'u" + i + "'}") + "]";
          case "identifiers" -> "'identifier':[" + list(count, i -> "{'value':'" + i + "'}") + "]";
          case "profiles" -> "'meta':{'profile':[" + list(count, i -> "'p" + i + "'") + "]}";
          case "dates" -> "'date':[" + list(count, i -> "'2020'") + "]";
          default -> throw new IllegalArgumentException(what);
        }
        + "}";
  }

  private static String outcome(int issues) {
    String issue = "{'severity':'warning','code':'incomplete'}";
    return "{'resourceType':'OperationOutcome','issue':[" + list(issues, _ -> issue) + "]}";
  }

  private static String bundle(int entries, IntFunction<String> resource) {
    return "{'resourceType':'Bundle','type':'searchset','entry':["
        + list(entries, i -> "{'resource':" + resource.apply(i) + "}")
        + "]}";
  }

  private static String list(int count, IntFunction<String> each) {
    return IntStream.range(0, count).mapToObj(each).collect(Collectors.joining(","));
  }

  private static PeerBody alone(String body) {
    return scan(body, Integer.MAX_VALUE, new ArrayList<>()).orElseThrow();
  }

  private static Optional<PeerBody> scan(String body, int most, List<Long> taken) {
    byte[] bytes = body.replace('\'', '"').getBytes(UTF_8);
    return BodyScanner.scan(bytes, bytes.length, most, taken::add);
  }
}
