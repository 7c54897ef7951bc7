package dev.ermine.policy;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/**
 * England's rules on who may see what, as far as they decide on an agreement and an entry. Every
 * word of the first three columns is understood or the row fails: {@link EnglishCase}.
 */
@DisplayName("England's rules")
class EnglandRulesTest {

  @ParameterizedTest(name = "given {0}, when {1}, then {2} ({3})")
  @CsvSource(
      delimiter = '|',
      textBlock =
          """
          # Individual care
          an agreement for individual care | a doctor asks for an Observation | it is disclosed | common law duty of confidentiality: implied consent, IG Framework for shared care records
          an agreement for individual care | an emergency doctor asks for an Observation | it is disclosed | the same
          no agreement | a doctor asks for an Observation | the region is not asked | IG Framework for shared care records, journey 2: a data sharing agreement where relations stand
          an agreement for individual care which implies no consent | a doctor asks for an Observation | it is withheld by the patient's decision and that is said | IHE PCF, Policy-deny
          # Objections
          an agreement for individual care, an objection where the record is held | a doctor asks for an Observation | it is withheld by the patient's decision and that is said | UK GDPR article 21; shared care record opt-out, honoured by the holder
          an agreement for individual care, an objection where the asker is | a doctor asks for an Observation | it is withheld by the patient's decision and that is said | shared care record opt-out, honoured where the record is viewed
          an agreement for individual care which is silent of objections, an objection where the record is held | a doctor asks for an Observation | it is withheld by the patient's decision and nothing is said | the agreement's own term
          an agreement for individual care with break-glass up to restricted, an objection where the record is held | a doctor who breaks the glass asks for an Observation | it is withheld by the patient's decision and that is said | what a Consent does not except, breaking the glass does not lift
          an agreement for individual care, an objection where the record is held | a doctor asks for an Organization | it is disclosed | no patient's record
          an agreement for individual care which implies no consent, a permission where the record is held | a doctor asks for an Observation | it is disclosed | IHE PCF: a recorded Consent overrides what is implied
          an agreement for individual care which implies no consent, a permission where the asker is | a doctor asks for an Observation | it is withheld by the patient's decision and that is said | a permission releases its holder's data, and nobody else's
          # Confidentiality
          an agreement for individual care | a doctor asks for an Observation labelled restricted | it is withheld by a label and nothing is said | HL7 v3 Confidentiality; the agreement's ceiling
          an agreement for individual care which tells of labels | a doctor asks for an Observation labelled restricted | it is withheld by a label and that is said | the agreement's own term
          an agreement for individual care up to restricted | a doctor asks for an Observation labelled restricted | it is disclosed | the agreement's own term
          an agreement for individual care up to restricted | a doctor asks for an Observation labelled very restricted | it is withheld by a label and nothing is said | HL7 v3 Confidentiality; the agreement's ceiling
          an agreement for individual care with break-glass up to restricted | a doctor asks for an Observation labelled restricted | it is withheld by a label and nothing is said | break-glass is not ordinary care
          an agreement for individual care with break-glass up to restricted | an emergency doctor asks for an Observation labelled restricted | it is withheld by a label and nothing is said | emergency treatment is ordinary care
          an agreement for individual care with break-glass up to restricted | a doctor who breaks the glass asks for an Observation labelled restricted | it is disclosed | the agreement's own term
          an agreement for individual care | a doctor asks for a DocumentReference | it is withheld by a label and nothing is said | Interweave: a peer's labels cannot be relied on
          an agreement for individual care | a doctor asks for a DocumentReference labelled normal | it is disclosed | the agreement's ceiling
          an agreement for individual care with unlabelled documents | a doctor asks for a DocumentReference | it is disclosed | the agreement's own term
          an agreement for individual care with unlabelled documents | a doctor asks for a DocumentReference labelled restricted | it is withheld by a label and nothing is said | the agreement's ceiling
          # Restricted by law
          an agreement for individual care | a doctor asks for an Observation labelled fertility | it is withheld by law and nothing is said | Human Fertilisation and Embryology Act 1990, section 33A
          an agreement for individual care, a list of fertility codes | a doctor asks for an Observation with a fertility code | it is withheld by law and nothing is said | Human Fertilisation and Embryology Act 1990, section 33A
          an agreement for individual care except fertility | a doctor asks for an Observation labelled fertility | it is disclosed | the agreement's own term, signed by officers
          an agreement for individual care except fertility, an objection where the record is held | a doctor asks for an Observation labelled fertility | it is withheld by the patient's decision and that is said | an exception from the law is none from the patient's word
          an agreement for individual care with break-glass up to very restricted | a doctor who breaks the glass asks for an Observation labelled fertility | it is withheld by law and nothing is said | break-glass never lifts the law
          an agreement for individual care | a doctor asks for an Observation labelled gender-recognition | it is withheld by law and nothing is said | Gender Recognition Act 2004, section 22
          an agreement for individual care, a list of gender-recognition codes | a doctor asks for an Observation with a gender-recognition code | it is withheld by law and nothing is said | Gender Recognition Act 2004, section 22
          an agreement for individual care except gender-recognition | a doctor asks for an Observation labelled gender-recognition | it is disclosed | signed policy: SI 2005/635, article 5
          an agreement for individual care except gender-recognition | a doctor asks for an Observation labelled fertility | it is withheld by law and nothing is said | one exception is none from another law
          an agreement for individual care, a permission where the record is held | a doctor asks for an Observation labelled fertility | it is withheld by law and nothing is said | a Consent to sharing is no exception from the law: that is signed policy
          # Sensitive, and restricted by no law
          an agreement for individual care | a doctor asks for an Observation labelled HIV | it is disclosed | NHS Trusts and Primary Care Trusts (STD) Directions 2000: revoked on 12 October 2023
          an agreement for individual care without HIV | a doctor asks for an Observation labelled HIV | it is withheld by a label and nothing is said | NHS England guidance on HIV: dedicated clinics ask first; the agreement's ceiling
          an agreement for individual care without STD, a list of STD codes | a doctor asks for an Observation with a STD code | it is withheld by a label and nothing is said | RCGP sensitive dataset: an agreement's ceiling decides
          an agreement for individual care, a list of STD codes | a doctor asks for an Observation with a STD code | it is disclosed | no law of its own; an agreement's ceiling decides
          an agreement for individual care, a list of SEX codes | a doctor asks for an Observation with a SEX code | it is disclosed | no law of its own: Abortion Regulations 1991 restrict notifications (their text is still to be verified)
          an agreement for individual care without SEX, a list of SEX codes | a doctor asks for an Observation with a SEX code | it is withheld by a label and nothing is said | RCGP sensitive dataset, termination of pregnancy: an agreement's ceiling decides
          an agreement for individual care without VIO | a doctor asks for an Observation labelled VIO | it is withheld by a label and nothing is said | Surrey Care Record: without domestic violence
          # Research and planning
          an agreement for individual care, a register of opt-outs in force | a researcher asks for an Observation | the region is not asked | National Data Opt-out: research is not individual care
          an agreement for individual care, a register of opt-outs in force | a planner asks for an Observation | the region is not asked | v3 POPHLTH stands under TREAT, and is not individual care
          an agreement for research which implies all consent | a researcher asks for an Observation | the region is not asked | National Data Opt-out operational policy: no register, no use
          an agreement for research which implies all consent, a register of opt-outs that has ended | a researcher asks for an Observation | the region is not asked | an opt-out may be newer than the register
          an agreement for research which implies all consent, a register of opt-outs of days to come | a researcher asks for an Observation | the region is not asked | a register of days to come is not to be believed
          an agreement for research which implies all consent, a register of opt-outs in force | a researcher asks for an Observation | it is disclosed | National Data Opt-out: the patient has not opted out
          an agreement for research which implies all consent, a register of opt-outs in force, the patient on the register | a researcher asks for an Observation | it is withheld by the patient's decision and that is said | National Data Opt-out
          an agreement for research which implies all consent, a register of opt-outs in force, the patient on the register, a permission where the record is held | a researcher asks for an Observation | it is withheld by the patient's decision and that is said | National Data Opt-out: explicit consent to a study is an exemption that no Consent here can prove
          an agreement for research, a register of opt-outs in force | a researcher asks for an Observation | it is withheld by the patient's decision and that is said | implied consent is for individual care
          an agreement for research, a register of opt-outs in force, a permission where the record is held | a researcher asks for an Observation | it is disclosed | a Consent that permits it
          an agreement for research which implies all consent, a register of opt-outs in force | a genetic researcher asks for an Observation | the region is not asked | agreements name purposes exactly: BIORCH stands under HRESCH
          an agreement for planning which implies all consent | a planner asks for an Observation | the region is not asked | National Data Opt-out: planning
          an agreement for planning which implies all consent, a register of opt-outs in force | a planner asks for an Observation | it is disclosed | National Data Opt-out: the patient has not opted out
          an agreement for individual care, a register of opt-outs in force, the patient on the register | a doctor asks for an Observation | it is disclosed | National Data Opt-out: not individual care
          # Patients
          an agreement for individual care | the patient asks for an Observation | the region is not asked | agreements name purposes exactly
          an agreement for patients which implies all consent, Observation ready for patients | the patient asks for an Observation | it is disclosed | GP online services: what the practice has made ready
          an agreement for patients which implies all consent | the patient asks for an Observation | the region is not asked | the releasing agreement marks what is ready
          an agreement for patients which implies all consent, DocumentReference ready for patients | the patient asks for a DocumentReference labelled normal | the region is not asked | documents never are
          an agreement for patients which implies all consent, Observation ready for patients | the patient asks for an Observation labelled NOPAT | it is withheld by a label and nothing is said | GP Connect: NOPAT, not to be disclosed to the patient, family or carers
          an agreement for patients which implies all consent, Observation ready for patients | the patient asks for an Observation with a document attached | it is withheld by a label and nothing is said | documents never are
          an agreement for individual care | a doctor asks for an Observation labelled NOPAT | it is disclosed | NOPAT is not about who cares for the patient
          an agreement for patients, Observation ready for patients | the patient asks for an Observation | it is withheld by the patient's decision and that is said | IHE PCF, Policy-basic-normal: for care alone
          """)
  void areKept(String given, String when, String then, String source) {
    assertThat(source).as("every rule has its source").isNotBlank();
    assertThat(new EnglishCase(given).outcome(when)).isEqualTo(then);
  }
}
