package dev.ermine.merge.origin;

import static org.assertj.core.api.Assertions.assertThat;

import dev.ermine.fhir.Entry;
import dev.ermine.region.Region;
import dev.ermine.region.Regions;
import dev.ermine.testing.Given;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Random;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class OriginsTest {

  private static final Region LONDON = Given.controlling(Given.region("london"), "QMJ", "RAL");
  private static final Region WESSEX = Given.controlling(Given.region("wessex"), "QRL", "RHM");
  private static final Region HWE = Given.controlling(Given.region("hwe"), "QM7", "RQW");
  private static final Controllers CONTROLLERS =
      new Controllers(
          new Regions(
              1, "hash", Given.gateway(), List.of(HWE, LONDON, WESSEX), List.of(), List.of()));

  private static final String TAG =
      "{\"system\":\"https://fhir.interweavedigital.nhs.uk/%s\",\"code\":\"%s\"}";
  private static final String IDENTIFIER =
      "\"identifier\":{\"system\":\"https://fhir.nhs.uk/Id/ods-organization-code\",\"value\":\"%s\"}";

  /**
   * Each row: what is said of an entry that London sends, and whose it therefore is. {@code org}
   * and {@code sys} are tags, {@code src} is {@code meta.source}, {@code url} its own address,
   * {@code cus} a custodian by identifier, {@code ref} one by reference, {@code prov} a Provenance.
   */
  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "                         | own",
        "org RAL                  | own",
        "org QMJ                  | own",
        "org RQW                  | hwe",
        "org QM7                  | hwe",
        "org R1H                  | ? R1H",
        "org rqw                  | ?",
        "org <b>Dr Foster</b>     | ?",
        "sys system-of-wessex     | wessex",
        "sys system-of-london     | own",
        "sys ABC-01               | ?",
        "sys ABC                  | ? ABC",
        "sys ABC, org RQW         | hwe",
        "sys ABC, org RAL         | own",
        "sys system-of-wessex, org RQW | ? of hwe wessex",
        "src https://wessex.example/fhir/Observation/7 | wessex",
        "src https://wessex.example/fhir | wessex",
        "src https://wessex.example/fhirs/1 | own",
        "src https://london.example/fhir/Observation/7 | own",
        "src https://elsewhere.example/fhir/1 | own",
        "src system-of-hwe        | hwe",
        "src #a1b2                | own",
        "url https://wessex.example/fhir/DocumentReference/d | wessex",
        "url https://elsewhere.example/fhir/DocumentReference/d | own",
        "cus RQW                  | hwe",
        "cus RAL                  | own",
        "cus R1H                  | ? R1H",
        "ref Organization/hospital | hwe",
        "ref Organization/trust-and-site | hwe",
        "ref https://london.example/fhir/Organization/hospital | hwe",
        "ref Organization/unknown | own",
        "ref Organization/nameless | own",
        "ref #inside              | wessex",
        "prov custodian RQW       | hwe",
        "prov author RQW          | hwe",
        "prov verifier RQW        | own",
        "prov custodian RAL       | own",
        "prov custodian R1H       | ? R1H",
        "cus RAL, org RQW         | hwe",
        "cus RQW, org RQW         | hwe",
        "cus RQW, org QM7         | hwe",
        "cus RQW, org RHM         | ? of hwe wessex",
        "cus RQW, org R1H         | ? of hwe",
        "cus R1F, org R1H         | ?",
        "cus RAL, org R1H         | ? R1H",
        "prov custodian RHM, org RQW | ? of hwe wessex",
        "prov custodian RHM, src https://wessex.example/fhir/x | wessex",
      })
  void isOfWhomTheRelayNames(String claims, String origin) {
    assertThat(shown(origin(claims == null ? "" : claims))).isEqualTo(origin);
  }

  @Test
  void theCustodiansOfAProvenancePrevailOverItsAuthors() {
    Entry document = document("");
    String both = agent("author", "RHM") + "," + agent("custodian", "RQW");
    assertThat(shown(document, provenance("DocumentReference/d", both))).isEqualTo("hwe");
    String behalf =
        "{\"type\":{\"coding\":[{\"system\":\"http://terminology.hl7.org/CodeSystem/v3-ParticipationType\",\"code\":\"AUT\"}]},\"who\":{\"reference\":\"Practitioner/1\"},\"onBehalfOf\":{"
            + IDENTIFIER.formatted("RHM")
            + "}}";
    assertThat(shown(document, provenance("DocumentReference/d", behalf))).isEqualTo("wessex");
  }

  @Test
  void aProvenanceSpeaksOfItsTargetsAlone() {
    String agent = agent("custodian", "RQW");
    assertThat(shown(document(""), provenance("DocumentReference/e", agent))).isEqualTo("own");
    assertThat(shown(document(""), provenance("DocumentReference/d/_history/3", agent)))
        .isEqualTo("hwe");
    assertThat(
            shown(
                document(""), provenance("https://london.example/fhir/DocumentReference/d", agent)))
        .isEqualTo("hwe");
  }

  @Test
  void aProvenanceThatCannotBeReadSaysNothing() {
    String agent = agent("custodian", "RQW");
    Entry odd = provenance("DocumentReference/d", agent + ",{\"who\":7,\"type\":{}}");
    assertThat(shown(document(""), odd)).isEqualTo("own");
  }

  @Test
  void theAskersOwnDataAreTheAskers() {
    assertThat(shown(origin("org QM7"))).isEqualTo("hwe");
  }

  @Test
  void twoRecordsOfOneOrganisationMayBothBeMeant() {
    Region other = Given.controlling(Given.region("essex"), "QM7");
    Controllers shared =
        new Controllers(
            new Regions(
                1, "hash", Given.gateway(), List.of(HWE, LONDON, other), List.of(), List.of()));
    Entry entry = document("\"custodian\":{" + IDENTIFIER.formatted("QM7") + "},");
    assertThat(shown(Origins.of(shared, LONDON, List.of(entry)).of(entry)))
        .isEqualTo("? of essex hwe");
    Entry others =
        entry(
            "https://essex.example/fhir/DocumentReference/d",
            "\"custodian\":{" + IDENTIFIER.formatted("QM7") + "},");
    assertThat(Origins.of(shared, other, List.of(others)).areOwn()).isTrue();
  }

  /** Whoever is named counts, in whatever order it is said; nobody is named who is not. */
  @Test
  void everyRegionThatIsNamedCountsWhateverElseIsSaid() {
    long seed = System.nanoTime();
    Random random = new Random(seed);
    List<String> codes = List.of("RQW", "QM7", "RHM", "RAL", "R1H", "R1F");
    for (int i = 0; i < 500; i++) {
      List<String> said = new ArrayList<>();
      IntStream.range(0, 1 + random.nextInt(5))
          .forEach(_ -> said.add(codes.get(random.nextInt(codes.size()))));
      List<String> shuffled = new ArrayList<>(said);
      Collections.shuffle(shuffled, random);
      Origin origin = origin(tags(said));
      assertThat(shown(origin(tags(shuffled))))
          .as("seed %d: %s", seed, said)
          .isEqualTo(shown(origin));
      assertThat(origin.claimed().stream().map(region -> region.id().value()))
          .as("seed %d: %s", seed, said)
          .containsExactlyElementsOf(
              said.stream()
                  .filter(code -> List.of("RQW", "QM7", "RHM").contains(code))
                  .map(code -> code.equals("RHM") ? "wessex" : "hwe")
                  .distinct()
                  .sorted()
                  .toList());
    }
  }

  private static String tags(List<String> codes) {
    return String.join(", ", codes.stream().map(code -> "org " + code).toList());
  }

  /** Names in any number, of one thing or of all: the time grows with the bytes. */
  @Test
  void isLinearInWhatAPeerSends() {
    String many =
        String.join(
            ",", IntStream.range(0, 2_000).mapToObj(i -> agent("custodian", "C" + i)).toList());
    List<Entry> entries = new ArrayList<>();
    IntStream.range(0, 2_000).forEach(_ -> entries.add(document("")));
    for (int i = 0; i < 200; i++) {
      entries.add(
          provenance(
              String.join(
                  "\"},{\"reference\":\"", Collections.nCopies(2_000, "DocumentReference/d")),
              agent("custodian", "D" + i)));
    }
    entries.add(provenance("DocumentReference/d", many));
    String crowd = String.join(",", Collections.nCopies(8_000, TAG.formatted("Provenance", "X1")));
    entries.add(tagged(crowd, ""));
    long start = System.nanoTime();
    assertThat(Origins.of(CONTROLLERS, LONDON, entries).of(entries.getFirst()))
        .isInstanceOf(Origin.Unknown.class);
    assertThat(Duration.ofNanos(System.nanoTime() - start)).isLessThan(Duration.ofSeconds(5));
  }

  private static Origin origin(String claims) {
    List<String> tags = new ArrayList<>();
    List<Entry> entries = new ArrayList<>();
    String source = "";
    String rest = "";
    String url = "https://london.example/fhir/DocumentReference/d";
    for (String claim : claims.isEmpty() ? new String[0] : claims.split(", ", -1)) {
      String said = claim.substring(claim.indexOf(' ') + 1);
      switch (claim.substring(0, claim.indexOf(' '))) {
        case "org" -> tags.add(TAG.formatted("Provenance", said));
        case "sys" -> tags.add(TAG.formatted("Source", said));
        case "src" -> source = ",\"source\":\"" + said + "\"";
        case "url" -> url = said;
        case "cus" -> rest = "\"custodian\":{" + IDENTIFIER.formatted(said) + "},";
        case "ref" -> rest = "\"custodian\":{\"reference\":\"" + said + "\"},";
        default -> {
          String[] agent = said.split(" ", -1);
          entries.add(provenance("DocumentReference/d", agent(agent[0], agent[1])));
        }
      }
    }
    String meta =
        "\"meta\":{\"versionId\":\"1\"%s%s},"
            .formatted(source, tags.isEmpty() ? "" : ",\"tag\":[" + String.join(",", tags) + "]");
    Entry entry = entry(url, meta + INSIDE + rest);
    entries.add(entry);
    entries.addAll(ORGANISATIONS);
    return Origins.of(CONTROLLERS, LONDON, entries).of(entry);
  }

  private static final String INSIDE =
      "\"contained\":[{\"resourceType\":\"Organization\",\"id\":\"inside\",\"identifier\":[{\"system\":\"https://fhir.nhs.uk/Id/ods-organization-code\",\"value\":\"RHM\"}]}],";

  private static final List<Entry> ORGANISATIONS =
      Given.entries(
          organisation(
              "hospital",
              "{\"system\":\"https://fhir.nhs.uk/Id/ods-organization-code\",\"value\":\"RQW\"}"),
          organisation(
              "trust-and-site",
              "{\"system\":\"https://fhir.nhs.uk/Id/ods-site-code\",\"value\":\"RQWG0\"},{\"system\":\"https://fhir.nhs.uk/Id/ods-organization-code\",\"value\":\"RQW\"}"),
          organisation("nameless", "{\"system\":\"https://london.example/Id\",\"value\":\"RQW\"}"));

  private static String organisation(String id, String identifiers) {
    return Given.entry(
        "london",
        "{\"resourceType\":\"Organization\",\"id\":\"%s\",\"identifier\":[%s]}"
            .formatted(id, identifiers),
        "Organization/" + id);
  }

  private static Entry document(String rest) {
    return entry("https://london.example/fhir/DocumentReference/d", rest);
  }

  private static Entry tagged(String tags, String rest) {
    return document("\"meta\":{\"tag\":[" + tags + "]}," + rest);
  }

  private static Entry entry(String url, String rest) {
    return Given.entries(
            "{\"fullUrl\":\"%s\",\"resource\":{\"resourceType\":\"DocumentReference\",\"id\":\"d\",%s\"status\":\"current\"}}"
                .formatted(url, rest))
        .getFirst();
  }

  private static Entry provenance(String target, String agents) {
    return Given.entries(
            Given.entry(
                "london",
                "{\"resourceType\":\"Provenance\",\"id\":\"p\",\"target\":[{\"reference\":\"%s\"}],\"agent\":[%s]}"
                    .formatted(target, agents),
                "Provenance/p"))
        .getFirst();
  }

  private static String agent(String part, String ods) {
    return "{\"type\":{\"coding\":[{\"system\":\"http://terminology.hl7.org/CodeSystem/provenance-participant-type\",\"code\":\"%s\"}]},\"who\":{%s}}"
        .formatted(part, IDENTIFIER.formatted(ods));
  }

  private static String shown(Entry entry, Entry provenance) {
    return shown(Origins.of(CONTROLLERS, LONDON, List.of(provenance, entry)).of(entry));
  }

  private static String shown(Origin origin) {
    return switch (origin) {
      case Origin.Own _ -> "own";
      case Origin.Elsewhere(Region region) -> region.id().value();
      case Origin.Unknown(var code, var claimed) ->
          "?"
              + code.map(ods -> " " + ods).orElse("")
              + (claimed.isEmpty() ? "" : " of")
              + String.join("", claimed.stream().map(region -> " " + region.id()).toList());
    };
  }
}
