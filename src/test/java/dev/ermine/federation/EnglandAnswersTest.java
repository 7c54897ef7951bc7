package dev.ermine.federation;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/**
 * England's rules on who may see what, as far as they show in what a query is answered: what
 * holders say of their own accord, and what follows for the other regions. Every word of the first
 * three columns is understood or the row fails: {@link EnglishQuery}.
 */
@DisplayName("England's rules")
class EnglandAnswersTest {

  @ParameterizedTest(name = "given {0}, when {1}, then {2} ({3})")
  @CsvSource(
      delimiter = '|',
      textBlock =
          """
          # What holders share
          agreements | a doctor asks for Observations | London answered, Wessex answered | IG Framework for shared care records, journey 2
          agreements, London says PATIENT_NOT_FOUND | a doctor asks for Observations | London not-matched, Wessex answered | GP Connect error handling: unknown and sensitive patients are both PATIENT_NOT_FOUND
          agreements, London says PATIENT_NOT_FOUND | a doctor who breaks the glass asks for Observations | London not-matched, Wessex answered | GP Connect error handling: what the holder does not share, the gateway cannot lift
          # Dissent at the practice
          agreements, London says NO_PATIENT_CONSENT | a doctor asks for Observations | London withheld, Wessex answered | GP Connect error handling: NO_PATIENT_CONSENT; the agreement's telling
          agreements, the agreements are silent of objections, London says NO_PATIENT_CONSENT | a doctor asks for Observations | London not-matched, Wessex answered | the agreement's own term
          agreements, London's agreement is silent of objections, London says NO_PATIENT_CONSENT, Wessex says NO_PATIENT_CONSENT | a doctor asks for Observations | London not-matched, Wessex withheld | the agreement's own term, of the region that releases
          agreements, London says NO_PATIENT_CONSENT | a doctor who breaks the glass asks for Observations | London withheld, Wessex answered | GP Connect IG: dissent cannot be overridden at the point of care
          agreements, the agreements are silent of objections, London says NO_PATIENT_CONSENT | a doctor who breaks the glass asks for Observations | London not-matched, Wessex answered | GP Connect IG: dissent cannot be overridden at the point of care
          # What Lists warn of
          agreements, London's List warns of confidential-items | a doctor asks for Lists | London part-answered: the region left out items that it does not share, Wessex answered | UK Core ListWarningCode: items excluded due to confidentiality and/or patient preferences
          agreements, London's List warns of data-in-transit | a doctor asks for Lists | London part-answered: the region has records still on their way between practices, Wessex answered | UK Core ListWarningCode: data-in-transit
          agreements, London's List warns of data-awaiting-filing | a doctor asks for Lists | London part-answered: the region has received data that is not yet filed, Wessex answered | UK Core ListWarningCode: data-awaiting-filing
          agreements, London's List warns of data-in-transit, London's List warns of data-awaiting-filing | a doctor asks for Lists | London part-answered: the region has records still on their way between practices; the region has received data that is not yet filed, Wessex answered | UK Core ListWarningCode: each is carried on
          agreements, London's List is labelled restricted, London's List warns of confidential-items | a doctor asks for Lists | London empty, Wessex answered | HL7 v3 Confidentiality: a List that is withheld does not show, nor do its warnings
          agreements, London's List is labelled restricted, London's List warns of data-in-transit | a doctor asks for Lists | London empty, Wessex answered | HL7 v3 Confidentiality: a List that is withheld does not show, nor do its warnings
          agreements, London's List is labelled restricted, London's List warns of data-awaiting-filing | a doctor asks for Lists | London empty, Wessex answered | HL7 v3 Confidentiality: a List that is withheld does not show, nor do its warnings
          agreements, London says NO_PATIENT_CONSENT, Wessex's List warns of confidential-items | a doctor asks for Lists | London withheld, Wessex part-answered: the region left out items that it does not share | UK Core ListWarningCode, beside NO_PATIENT_CONSENT
          # Restricted patients
          agreements, London's Patient is labelled restricted | a doctor asks for Observations | London not-matched, Wessex not-matched | NHS England, restricting access to a patient's demographic record: nobody learns where the patient is
          agreements, London's Patient is labelled very restricted | a doctor asks for Observations | London not-matched, Wessex not-matched | NHS England, restricting access to a patient's demographic record: nobody learns where the patient is
          agreements, London's Patient is labelled normal | a doctor asks for Observations | London answered, Wessex answered | HL7 v3 Confidentiality: normal is no restriction
          agreements, London's Patient is labelled restricted, Wessex does not answer in time | a doctor asks for Observations | London not-matched, Wessex timed-out | a region that was not heard has told nothing
          agreements, London's Patient is labelled restricted, Wessex says NO_PATIENT_CONSENT | a doctor asks for Observations | London not-matched, Wessex not-matched | an objection would tell where the patient is
          agreements, London's Patient is labelled restricted | a doctor who breaks the glass asks for Observations | London not-matched, Wessex not-matched | NHS England, restricting access to a patient's demographic record: broken glass does not lift it
          agreements, the agreements release restricted patients, London's Patient is labelled restricted | a doctor asks for Observations | London answered, Wessex answered | the agreements' own term
          agreements, London's agreement releases restricted patients, London's Patient is labelled restricted | a doctor asks for Observations | London answered, Wessex not-matched | one region's term is none of another's
          agreements, Wessex's agreement releases restricted patients, London's Patient is labelled restricted | a doctor asks for Observations | London not-matched, Wessex answered | one region's term is none of another's
          agreements, the agreements release restricted patients, London's Patient is labelled restricted, London's Observation is labelled restricted | a doctor asks for Observations | London empty, Wessex answered | that the patient may be found lifts no label
          # Under broken glass
          agreements, London's Observation is labelled very restricted | a doctor asks for Observations | London empty, Wessex answered | HL7 v3 Confidentiality; the agreement's ceiling
          agreements, London's Observation is labelled very restricted | a doctor who breaks the glass asks for Observations | London answered, Wessex answered | the agreement's own term: a higher ceiling for who breaks the glass
          agreements, London's Observation is labelled fertility | a doctor asks for Observations | London empty, Wessex answered | Human Fertilisation and Embryology Act 1990, section 33A
          agreements, London's Observation is labelled fertility | a doctor who breaks the glass asks for Observations | London empty, Wessex answered | Human Fertilisation and Embryology Act 1990, section 33A: no ceiling lifts the law
          agreements, London's Observation is labelled gender-recognition | a doctor who breaks the glass asks for Observations | London empty, Wessex answered | Gender Recognition Act 2004, section 22: no ceiling lifts the law
          agreements, London's agreement excepts fertility, London's Observation is labelled fertility | a doctor who breaks the glass asks for Observations | London answered, Wessex answered | the agreement's own term, signed by officers
          """)
  void areKept(String given, String when, String then, String source) {
    assertThat(source).as("every rule has its source").isNotBlank();
    assertThat(new EnglishQuery(given).outcome(when)).isEqualTo(then);
  }
}
