package dev.ermine.fhir;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.ermine.fhir.Provenance.Agent;
import dev.ermine.fhir.Provenance.Part;
import dev.ermine.testing.FhirJudge;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

class FhirJsonTest {

  private static final String ODS = "https://fhir.nhs.uk/Id/ods-organization-code";

  @Test
  void writesAnOutcomeWithAllThatAnIssueHas() {
    Issue issue =
        new Issue(
            Issue.Severity.WARNING,
            Issue.Code.BUSINESS_RULE,
            "Wessex: \"quarantined\" — ask there",
            List.of(
                new Coding("https://ermine.dev/fhir/CodeSystem/account", "quarantined"),
                new Coding("https://ermine.dev/fhir/CodeSystem/region", "wessex")),
            Optional.of("merge/identity"),
            List.of("Bundle.entry[3].resource", "Bundle.entry[4].resource"));

    String json = text(FhirJson.operationOutcome(List.of(issue)));

    assertThat(json)
        .isEqualTo(
            """
            {"resourceType":"OperationOutcome","issue":[{"severity":"warning","code":"business-rule",\
            "details":{"coding":[\
            {"system":"https://ermine.dev/fhir/CodeSystem/account","code":"quarantined"},\
            {"system":"https://ermine.dev/fhir/CodeSystem/region","code":"wessex"}],\
            "text":"Wessex: \\"quarantined\\" — ask there"},\
            "diagnostics":"merge/identity",\
            "expression":["Bundle.entry[3].resource","Bundle.entry[4].resource"]}]}\
            """);
    assertThat(FhirJudge.errors(json)).isEmpty();
  }

  @Test
  void writesNoPropertyForWhatAnIssueLacks() {
    String json =
        text(FhirJson.operationOutcome(List.of(Issue.error(Issue.Code.REQUIRED, "say whom"))));

    assertThat(json)
        .isEqualTo(
            """
            {"resourceType":"OperationOutcome","issue":[\
            {"severity":"error","code":"required","details":{"text":"say whom"}}]}\
            """);
  }

  @Test
  void everySeverityAndCodeIsOneOfFhir() {
    List<Issue> issues =
        Arrays.stream(Issue.Code.values())
            .flatMap(
                code ->
                    Arrays.stream(Issue.Severity.values())
                        .map(severity -> issue(severity, code, "it happened")))
            .toList();

    assertThat(FhirJudge.errors(text(FhirJson.operationOutcome(issues)))).isEmpty();
  }

  @Test
  void replacesWhatNoFhirStringMayHold() {
    Issue issue =
        new Issue(
            Issue.Severity.ERROR,
            Issue.Code.INVALID,
            " a\u0000b\r\nc\ud800d\u0085\ud83d\ude91 ",
            List.of(new Coding(" ", "code"), new Coding("https://example.org", "\u0001")),
            Optional.of("\u0007"),
            List.of("", "Bundle.entry[0]", "\n"));

    assertThat(text(FhirJson.operationOutcome(List.of(issue))))
        .isEqualTo(
            """
            {"resourceType":"OperationOutcome","issue":[{"severity":"error","code":"invalid",\
            "details":{"text":"a b c d \\uD83D\\uDE91"},"expression":["Bundle.entry[0]"]}]}\
            """);
  }

  @Test
  void whateverTheTextTheOutcomeIsValid() {
    long seed = new Random().nextLong();
    Random random = new Random(seed);
    List<Issue> issues = Stream.generate(() -> randomIssue(random)).limit(500).toList();

    String json = text(FhirJson.operationOutcome(issues));

    assertThat(FhirJudge.errors(json)).as("seed %d", seed).isEmpty();
  }

  @Test
  void writesNoOutcomeWithoutAnIssue() {
    assertThatThrownBy(() -> FhirJson.operationOutcome(List.of()))
        .isInstanceOf(IllegalArgumentException.class);
  }

  @Test
  void writesAProvenanceThatNamesTheCustodian() {
    Provenance provenance =
        new Provenance(
            Optional.of("london-1"),
            List.of("https://gateway.example/regions/london/fhir/Condition/1", "Patient/2"),
            Instant.parse("2026-11-21T10:15:30.123456789Z"),
            List.of(custodian("North Central London")));

    String json = text(FhirJson.provenance(provenance));

    assertThat(json)
        .isEqualTo(
            """
            {"resourceType":"Provenance","id":"london-1","target":[\
            {"reference":"https://gateway.example/regions/london/fhir/Condition/1"},\
            {"reference":"Patient/2"}],"recorded":"2026-11-21T10:15:30.123Z",\
            "agent":[{"type":{"coding":[{\
            "system":"http://terminology.hl7.org/CodeSystem/provenance-participant-type",\
            "code":"custodian"}]},"who":{"type":"Organization","identifier":{\
            "system":"https://fhir.nhs.uk/Id/ods-organization-code","value":"QMJ"},\
            "display":"North Central London"}}]}\
            """);
    assertThat(FhirJudge.errors(json)).isEmpty();
  }

  @Test
  void writesAProvenanceOnTheFullSecondWithoutId() {
    Provenance provenance =
        new Provenance(
            Optional.empty(),
            List.of("urn:uuid:0e9f4a3c-9a44-4c43-9ad6-4d8b7a2f1c11"),
            Instant.parse("2026-11-21T10:15:00Z"),
            List.of(custodian("")));

    String json = text(FhirJson.provenance(provenance));

    assertThat(json).contains("\"recorded\":\"2026-11-21T10:15:00Z\"").doesNotContain("\"id\"");
    assertThat(json).doesNotContain("display");
    assertThat(FhirJudge.errors(json)).isEmpty();
  }

  @Test
  void writesAProvenanceOfWhatAnotherRelays() {
    Agent relay =
        new Agent(Part.TRANSMITTER, Optional.of(new Agent.Known(ODS, "QMJ")), "London Care Record");
    Agent unknown = new Agent(Part.CUSTODIAN, Optional.empty(), "origin not known");
    String json =
        text(
            FhirJson.provenance(
                new Provenance(
                    Optional.of("p"),
                    List.of("Condition/1"),
                    Instant.EPOCH,
                    List.of(unknown, relay))));
    assertThat(json)
        .contains(
            "\"who\":{\"type\":\"Organization\",\"display\":\"origin not known\"}},{\"type\":{\"coding\":[{\"system\":\"http://hl7.org/fhir/us/core/CodeSystem/us-core-provenance-participant-type\",\"code\":\"transmitter\"}]}");
    assertThat(FhirJudge.errors(json)).isEmpty();
  }

  @Test
  void aProvenanceHasTargetsAndAgentsThatCanBeTold() {
    List<Agent> agents = List.of(custodian("North Central London"));
    for (Executable faulty :
        List.<Executable>of(
            () -> new Provenance(Optional.empty(), List.of(), Instant.EPOCH, agents),
            () -> new Provenance(Optional.of(".."), List.of("a"), Instant.EPOCH, agents),
            () -> new Provenance(Optional.empty(), List.of("a"), Instant.EPOCH, List.of()),
            () -> new Agent(Part.CUSTODIAN, Optional.empty(), " "),
            () -> new Agent.Known(ODS, " "))) {
      assertThatThrownBy(faulty::run).isInstanceOf(IllegalArgumentException.class);
    }
  }

  private static Agent custodian(String name) {
    return new Agent(Part.CUSTODIAN, Optional.of(new Agent.Known(ODS, "QMJ")), name);
  }

  @FunctionalInterface
  private interface Executable {
    void run();
  }

  private static Issue randomIssue(Random random) {
    return new Issue(
        Issue.Severity.ERROR,
        Issue.Code.INVALID,
        randomText(random),
        List.of(),
        Optional.of(randomText(random)),
        List.of());
  }

  private static String randomText(Random random) {
    return random
        .ints(random.nextInt(8), 0, 0x300)
        .mapToObj(c -> random.nextInt(20) == 0 ? "\udc00" : String.valueOf((char) c))
        .collect(Collectors.joining());
  }

  private static Issue issue(Issue.Severity severity, Issue.Code code, String text) {
    return new Issue(severity, code, text, List.of(), Optional.empty(), List.of());
  }

  private static String text(Slice slice) {
    return new String(slice.bytes(), slice.from(), slice.length(), StandardCharsets.UTF_8);
  }
}
