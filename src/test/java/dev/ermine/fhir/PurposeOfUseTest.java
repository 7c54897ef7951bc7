package dev.ermine.fhir;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class PurposeOfUseTest {

  @ParameterizedTest
  @CsvSource({
    "TREAT,TREAT,true",
    "ETREAT,TREAT,true",
    "BTG,TREAT,true",
    "BTG,ETREAT,true",
    "POPHLTH,TREAT,true",
    "TREAT,BTG,false",
    "HRESCH,TREAT,false",
    "CLINTRCHPC,HRESCH,true",
    "HTEST,HOPERAT,true",
    "NOSUCH,NOSUCH,true",
    "NOSUCH,TREAT,false"
  })
  void standsWithinItselfAndWhatIsAboveIt(String code, String other, boolean within) {
    assertThat(new PurposeOfUse(code).isWithin(new PurposeOfUse(other))).isEqualTo(within);
  }

  @ParameterizedTest
  @ValueSource(strings = {"TREAT", "BTG", "PATRQT", "HMARKT", "LABELING"})
  void knowsTheCodesOfPurposeOfUse(String code) {
    assertThat(new PurposeOfUse(code).known()).isTrue();
  }

  @ParameterizedTest
  @ValueSource(strings = {"TREATT", "RESEARCH", "PRS"})
  void knowsNoOther(String code) {
    assertThat(new PurposeOfUse(code).known()).isFalse();
  }

  @Test
  void readsBothForms() {
    assertThat(PurposeOfUse.parse("urn:oid:2.16.840.1.113883.5.8#BTG"))
        .isEqualTo(PurposeOfUse.parse("BTG"))
        .contains(PurposeOfUse.BREAK_THE_GLASS);
  }
}
