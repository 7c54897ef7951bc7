package dev.ermine.region;

import static dev.ermine.region.RegionsFileTest.GOOD;
import static dev.ermine.region.RegionsFileTest.faulty;
import static dev.ermine.region.RegionsFileTest.loaded;
import static org.assertj.core.api.Assertions.assertThat;

import dev.ermine.fhir.Coding;
import dev.ermine.fhir.Confidentiality;
import dev.ermine.fhir.Sensitivity;
import dev.ermine.fhir.SnomedId;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Set;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** The lists of sensitive codes that regions.yaml names. */
class LabellingFileTest {

  private static final String REGIONS = GOOD + "labelling: my-codes.yaml\n";

  private static final String LISTS =
      """
      version: 1
      groups:
        - id: fertility
          title: Fertility treatment
          sources: [a terminology server]
          confidentiality: R
          sensitivities: [SEX]
          law: fertility
          codes:
            http://snomed.info/sct:
              "63487001": Assisted fertilization
            urn:local: { X1: Something local }
        - id: hiv
          title: HIV
          sources: [a terminology server]
          sensitivities: [HIV]
          codes:
            http://snomed.info/sct: { 86406008: Human immunodeficiency virus infection }
      """;

  @TempDir Path certs;

  @BeforeEach
  void writeFiles() {
    TestCerts.write(GOOD, certs);
  }

  @Test
  void readsTheLists() {
    assertThat(loaded(read(LISTS)).labelling().groups())
        .containsExactly(
            new Labelling.Group(
                "fertility",
                "Fertility treatment",
                Set.of(
                    new Coding(Confidentiality.SYSTEM, "R"),
                    new Coding(Sensitivity.SYSTEM, "SEX"),
                    new Coding(ReleaseTerms.LegalGroup.SYSTEM, "fertility")),
                Set.of(new Coding(SnomedId.SYSTEM, "63487001"), new Coding("urn:local", "X1"))),
            new Labelling.Group(
                "hiv",
                "HIV",
                Set.of(new Coding(Sensitivity.SYSTEM, "HIV")),
                Set.of(new Coding(SnomedId.SYSTEM, "86406008"))));
  }

  @Test
  void readsNoneWhereNoneIsNamed() {
    assertThat(loaded(RegionsFileTest.read(GOOD, certs)).labelling()).isEqualTo(Labelling.NONE);
  }

  @Test
  void readsTheShippedLists() throws IOException {
    Labelling labelling =
        loaded(read(Files.readString(Path.of("certs/sensitive-codes.yaml")))).labelling();
    assertThat(labelling.groups())
        .extracting(Labelling.Group::id)
        .containsExactly(
            "assisted-fertilisation",
            "sexually-transmitted",
            "hiv",
            "termination-of-pregnancy",
            "gender-reassignment",
            "domestic-violence");
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      textBlock =
          """
          version: 1    | version: 2    | 1 version: write `1`
          version: 1    | verson: 1     | 1 verson: is not known here; known are `version`, `groups`
          id: hiv       | id: HIV       | 13 groups[1].id: write lower-case words joined by hyphens, such as `sexual-health`, 40 characters at most
          id: hiv       | id: fertility | 13 groups[1].id: is the id of the group in line 3 too; give each its own
          title: HIV    | ''            | 13 groups[1].title: is missing: what the codes are about
          confidentiality: R | confidentiality: N | 6 groups[0].confidentiality: write one of `R`, `V`
          '[SEX]'       | '[SAX]'       | 7 groups[0].sensitivities[0]: `SAX` is no sensitivity that v3 ActCode has
          '[SEX]'       | '[sex]'       | 7 groups[0].sensitivities[0]: write a sensitivity of v3 ActCode in capitals, such as `HIV`
          law: fertility | law: abortion | 8 groups[0].law: write one of `fertility`, `gender-recognition`
          sensitivities: [HIV] | ''     | 13 groups[1]: labels nothing; add `confidentiality`, `sensitivities` or `law`
          63487001      | 63487010      | 11 groups[0].codes.…[63487010]: `63487010` is no SNOMED CT concept: its check digit is wrong
          '{ X1: Something local }' | '{}' | 12 groups[0].codes.…: must not be empty
          urn:local     | local         | 12 groups[0].codes.local: write the URI of a code system, such as `http://snomed.info/sct`
          X1:           | '" X1":'      | 12 groups[0].codes.….…: write a code without spaces at its ends, 64 characters at most
          """)
  void tellsTheFaultWithLineAndPath(String what, String with, String fault) {
    assertThat(LISTS).contains(what);
    assertThat(faulty(read(LISTS.replace(what, with))))
        .anySatisfy(told -> assertThat(told).startsWith("my-codes.yaml:").contains(fault));
  }

  @Test
  void tellsTheFaultsOfBothFilesAtOnce() {
    TestCerts.write(certs, "my-codes.yaml", LISTS.replace("version: 1", "version: 2"));
    assertThat(faulty(RegionsFileTest.read(REGIONS.replace("R8000", "Doctor"), certs)))
        .hasSize(2)
        .anyMatch(told -> told.startsWith("regions.yaml:34 "))
        .anyMatch(told -> told.equals("my-codes.yaml:1 version: write `1`"));
  }

  @Test
  void tellsOfAFileThatIsNotThere() {
    assertThat(faulty(RegionsFileTest.read(REGIONS, certs)))
        .containsExactly("regions.yaml:38 labelling: `my-codes.yaml` does not exist");
  }

  @Test
  void refusesAPrivateKeyInIt() {
    assertThat(faulty(read(LISTS + "# -----BEGIN PRIVATE KEY-----\n")))
        .containsExactly("regions.yaml:38 labelling: `my-codes.yaml` " + Secrets.FAULT);
  }

  /** The file is part of the version: whoever signs regions.yaml signs it, too. */
  @Test
  void bindsTheLists() {
    Regions before = loaded(read(LISTS));
    Regions after = loaded(read(LISTS.replace("title: HIV", "title: AIDS")));
    assertThat(after.hash()).isNotEqualTo(before.hash());
    TestCerts.write(certs, "my-codes.yaml", LISTS);
    Path regions = certs.resolve("regions.yaml");
    assertThat(RegionsFile.files(regions, certs).hashes()).containsKey("my-codes.yaml");
  }

  private Reading read(String lists) {
    TestCerts.write(certs, "my-codes.yaml", lists);
    return RegionsFileTest.read(REGIONS, certs);
  }
}
