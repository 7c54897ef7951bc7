package dev.ermine.merge.fact;

import static dev.ermine.merge.fact.FactsGiven.SNOMED;
import static dev.ermine.merge.fact.FactsGiven.concept;
import static dev.ermine.merge.fact.FactsGiven.entry;
import static dev.ermine.merge.fact.FactsGiven.fact;
import static org.assertj.core.api.Assertions.assertThat;

import dev.ermine.testing.Given;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestFactory;

/** The table of cases: what contradicts what, what does not, and why. */
class ConflictsTest {

  private static final String DMD = "https://dmd.nhs.uk";
  private static final String IPS = "http://hl7.org/fhir/uv/ips/CodeSystem/absent-unknown-uv-ips";

  private static final String PENICILLIN = concept("code", SNOMED, "91936005");
  private static final String NUT = concept("code", SNOMED, "91934008");
  private static final String SODIUM_VALPROATE = "387481005";
  private static final String ASTHMA = concept("code", SNOMED, "195967001");
  private static final String POTASSIUM = concept("code", SNOMED, "1000651000000109");

  private static final String NONE = "none";

  // Resources: a type, then its members.

  private static String allergy(String... members) {
    return "AllergyIntolerance|" + String.join(",", members);
  }

  private static String clinical(String code) {
    return concept(
        "clinicalStatus",
        "http://terminology.hl7.org/CodeSystem/allergyintolerance-clinical",
        code);
  }

  private static String verified(String code) {
    return concept(
        "verificationStatus",
        "http://terminology.hl7.org/CodeSystem/allergyintolerance-verification",
        code);
  }

  private static String denial(String code) {
    return concept("code", SNOMED, code);
  }

  private static String category(String... categories) {
    return "'category':['" + String.join("','", categories) + "']";
  }

  private static String request(String... members) {
    return "MedicationRequest|" + String.join(",", members);
  }

  private static String statement(String... members) {
    return "MedicationStatement|" + String.join(",", members);
  }

  private static String medicine(String system, String code) {
    return concept("medicationCodeableConcept", system, code);
  }

  private static String valproate() {
    return medicine(SNOMED, SODIUM_VALPROATE);
  }

  private static String status(String status) {
    return "'status':'" + status + "'";
  }

  private static String authored(String date) {
    return "'authoredOn':'" + date + "'";
  }

  private static String effective(String start, String end) {
    return "'effectivePeriod':{'start':'%s'%s}"
        .formatted(start, end.isEmpty() ? "" : ",'end':'" + end + "'");
  }

  private static String dose(String value, String unit) {
    return "{'doseAndRate':[{'doseQuantity':{'value':%s,'system':'http://unitsofmeasure.org','code':'%s'}}]}"
        .formatted(value, unit);
  }

  private static String daily(String value, String unit, int times) {
    return dose(value, unit)
        .replaceFirst(
            "\\{",
            "{'timing':{'repeat':{'frequency':%d,'period':1,'periodUnit':'d'}},".formatted(times));
  }

  private static String dosage(String... doses) {
    return "'dosageInstruction':[" + String.join(",", doses) + "]";
  }

  private static String says(String text) {
    return dosage("{'text':'" + text + "'}");
  }

  private static String condition(String... members) {
    return "Condition|" + String.join(",", members);
  }

  private static String onset(String date) {
    return "'onsetDateTime':'" + date + "'";
  }

  private static String observation(String... members) {
    return "Observation|" + String.join(",", members);
  }

  private static String at(String time) {
    return "'effectiveDateTime':'" + time + "'";
  }

  private static String quantity(String value, String unit) {
    return "'valueQuantity':{'value':%s,'unit':'%s','system':'http://unitsofmeasure.org','code':'%s'}"
        .formatted(value, unit, unit);
  }

  private static final String NINE = at("2026-03-01T09:00:00Z");

  // Rows: what it shows, the rule that speaks (or none), London's entry, Wessex's.

  private record Row(String reason, String rule, String london, String wessex) {}

  private static Row clash(Rule rule, String reason, String london, String wessex) {
    return new Row(reason, rule.id(), london, wessex);
  }

  private static Row fine(String reason, String london, String wessex) {
    return new Row(reason, NONE, london, wessex);
  }

  @TestFactory
  Stream<DynamicTest> deniedAllergies() {
    String active = allergy(PENICILLIN, clinical("active"), verified("confirmed"));
    Rule rule = Rule.ALLERGY_DENIED;
    return tests(
        clash(rule, "no known allergy", active, allergy(denial("716186003"), clinical("active"))),
        clash(rule, "the older code for it", active, allergy(denial("160244002"))),
        clash(
            rule,
            "no known drug allergy, and no category says that it is none",
            active,
            allergy(denial("409137002"))),
        clash(
            rule,
            "a medicine by its category",
            allergy(PENICILLIN, category("medication")),
            allergy(denial("409137002"))),
        clash(
            rule,
            "one category of several is enough",
            allergy(PENICILLIN, category("food", "medication")),
            allergy(denial("409137002"))),
        clash(
            rule,
            "a vaccine is a medicine",
            allergy(PENICILLIN, category("biologic")),
            allergy(denial("409137002"))),
        fine(
            "no known drug allergy against food",
            allergy(NUT, category("food")),
            allergy(denial("409137002"))),
        fine(
            "no known drug allergy against pollen",
            allergy(NUT, category("environment")),
            allergy(denial("409137002"))),
        clash(
            rule,
            "no known food allergy against food",
            allergy(NUT, category("food")),
            allergy(denial("429625007"))),
        fine(
            "no known food allergy against a medicine",
            allergy(PENICILLIN, category("medication")),
            allergy(denial("429625007"))),
        fine(
            "no known food allergy against one that nobody sorted",
            active,
            allergy(denial("429625007"))),
        clash(
            rule,
            "no known environmental allergy",
            allergy(NUT, category("environment")),
            allergy(denial("428607008"))),
        clash(
            rule,
            "latex by its code",
            allergy(concept("code", SNOMED, "300916003")),
            allergy(denial("1003774007"))),
        clash(
            rule,
            "latex by the older denial",
            allergy(concept("code", SNOMED, "1003755004")),
            allergy(denial("716184000"))),
        fine("no known latex allergy against penicillin", active, allergy(denial("1003774007"))),
        clash(
            rule,
            "bee venom against no insect allergy",
            allergy(concept("code", SNOMED, "424213003")),
            allergy(denial("428197003"))),
        clash(
            rule,
            "dander against no animal allergy",
            allergy(concept("code", SNOMED, "232347008")),
            allergy(denial("716220001"))),
        fine(
            "dander against no insect allergy",
            allergy(concept("code", SNOMED, "232347008")),
            allergy(denial("428197003"))),
        clash(rule, "the code of IPS", active, allergy(concept("code", IPS, "no-known-allergies"))),
        clash(
            rule,
            "the code of IPS for medicines",
            active,
            allergy(concept("code", IPS, "no-known-medication-allergies"))),
        fine(
            "no information is no denial",
            active,
            allergy(concept("code", IPS, "no-allergy-info"))),
        clash(
            rule,
            "an Observation may say so",
            active,
            observation(status("final"), denial("716186003"))),
        clash(
            rule,
            "an Observation may say so by its value",
            active,
            observation(
                status("final"),
                concept("code", SNOMED, "106190000"),
                concept("valueCodeableConcept", SNOMED, "716186003"))),
        clash(rule, "a Condition may say so", active, condition(denial("716186003"))),
        clash(
            rule,
            "a List of allergies that is empty since none is known",
            active,
            "List|"
                + status("current")
                + ","
                + concept("code", SNOMED, "886921000000105")
                + ","
                + concept(
                    "emptyReason",
                    "http://terminology.hl7.org/CodeSystem/list-empty-reason",
                    "nilknown")),
        fine(
            "a List that is empty since nobody asked",
            active,
            "List|"
                + status("current")
                + ","
                + concept("code", SNOMED, "886921000000105")
                + ","
                + concept(
                    "emptyReason",
                    "http://terminology.hl7.org/CodeSystem/list-empty-reason",
                    "notasked")),
        fine(
            "a List of medicines that is empty",
            active,
            "List|"
                + status("current")
                + ","
                + concept("code", SNOMED, "933361000000108")
                + ","
                + concept(
                    "emptyReason",
                    "http://terminology.hl7.org/CodeSystem/list-empty-reason",
                    "nilknown")),
        fine(
            "a List that is retired",
            active,
            "List|"
                + status("retired")
                + ","
                + concept("code", SNOMED, "886921000000105")
                + ","
                + concept(
                    "emptyReason",
                    "http://terminology.hl7.org/CodeSystem/list-empty-reason",
                    "nilknown")),
        fine(
            "a denial that was entered in error",
            active,
            allergy(denial("716186003"), verified("entered-in-error"))),
        fine(
            "a denial that was refuted", active, allergy(denial("716186003"), verified("refuted"))),
        fine(
            "a denial that is no longer made",
            active,
            allergy(denial("716186003"), clinical("inactive"))),
        fine(
            "an Observation in error denies nothing",
            active,
            observation(status("entered-in-error"), denial("716186003"))),
        fine(
            "an allergy that was refuted",
            allergy(PENICILLIN, verified("refuted")),
            allergy(denial("716186003"))),
        fine(
            "an allergy that was entered in error",
            allergy(PENICILLIN, verified("entered-in-error")),
            allergy(denial("716186003"))),
        fine(
            "an allergy that has resolved is not known now",
            allergy(PENICILLIN, clinical("resolved")),
            allergy(denial("716186003"))),
        fine(
            "an allergy that is no risk any more",
            allergy(PENICILLIN, clinical("inactive")),
            allergy(denial("716186003"))),
        clash(
            rule,
            "an allergy that nobody has confirmed yet",
            allergy(PENICILLIN, clinical("active"), verified("unconfirmed")),
            allergy(denial("716186003"))),
        clash(
            rule,
            "an allergy in words alone",
            allergy("'code':{'text':'Penicillin'}"),
            allergy(denial("716186003"))),
        fine("two denials agree", allergy(denial("716186003")), allergy(denial("409137002"))));
  }

  @TestFactory
  Stream<DynamicTest> statusesOfAllergies() {
    String active = allergy(PENICILLIN, clinical("active"), verified("confirmed"));
    Rule rule = Rule.ALLERGY_STATUS;
    return tests(
        clash(rule, "refuted", active, allergy(PENICILLIN, verified("refuted"))),
        clash(rule, "entered in error", active, allergy(PENICILLIN, verified("entered-in-error"))),
        clash(
            rule,
            "resolved",
            active,
            allergy(PENICILLIN, clinical("resolved"), verified("confirmed"))),
        clash(rule, "inactive", active, allergy(PENICILLIN, clinical("inactive"))),
        clash(
            rule,
            "without a status it is a warning",
            allergy(PENICILLIN),
            allergy(PENICILLIN, verified("refuted"))),
        clash(
            rule,
            "SNOMED CT with a version",
            active,
            allergy(concept("code", SNOMED + "/83821000000107", "91936005"), verified("refuted"))),
        clash(
            rule,
            "a status as STU3 writes it",
            active,
            allergy(PENICILLIN, "'clinicalStatus':'resolved'")),
        fine(
            "both active",
            active,
            allergy(PENICILLIN, clinical("active"), verified("unconfirmed"))),
        fine("another substance", active, allergy(NUT, verified("refuted"))),
        fine(
            "both refuted",
            allergy(PENICILLIN, verified("refuted")),
            allergy(PENICILLIN, verified("entered-in-error"))),
        fine(
            "a degraded code is no substance",
            allergy(concept("code", SNOMED, "196461000000101"), clinical("active")),
            allergy(concept("code", SNOMED, "196461000000101"), clinical("resolved"))),
        fine(
            "a general code with other substances",
            allergy(
                concept("code", SNOMED, "419199007"),
                clinical("active"),
                "'reaction':[{" + concept("substance", SNOMED, "1") + "}]"),
            allergy(
                concept("code", SNOMED, "419199007"),
                clinical("resolved"),
                "'reaction':[{" + concept("substance", SNOMED, "2") + "}]")),
        fine(
            "the same code of another system",
            active,
            allergy(concept("code", "urn:other", "91936005"), verified("refuted"))));
  }

  @TestFactory
  Stream<DynamicTest> stoppedMedicines() {
    String active = request(status("active"), valproate(), authored("2024-05-01"));
    Rule rule = Rule.MEDICINE_STOPPED;
    return tests(
        clash(
            rule,
            "stopped after it began",
            active,
            request(status("stopped"), valproate(), authored("2025-01-01"))),
        clash(
            rule,
            "a statement against a request",
            active,
            statement(status("stopped"), valproate(), effective("2023-01-01", "2025-02-01"))),
        fine(
            "one that ended before this began",
            active,
            statement(status("stopped"), valproate(), effective("2015-01-01", "2016-01-01"))),
        fine(
            "written before this began, with no end said",
            active,
            request(status("stopped"), valproate(), authored("2015-01-01"))),
        clash(
            rule,
            "on the day it began",
            active,
            request(status("cancelled"), valproate(), authored("2024-05-01"))),
        clash(
            rule,
            "nobody says when",
            request(status("active"), valproate()),
            request(status("stopped"), valproate())),
        clash(
            rule,
            "only the year of the end is known",
            active,
            statement(status("stopped"), valproate(), effective("2020", "2024"))),
        clash(
            rule,
            "dm+d is SNOMED CT",
            active,
            statement(
                status("stopped"),
                medicine(DMD, SODIUM_VALPROATE),
                effective("2023-01-01", "2025-02-01"))),
        clash(
            rule,
            "the patient does not take it",
            active,
            statement(status("not-taken"), valproate(), effective("2025-01-01", ""))),
        clash(
            rule,
            "a statement that it was completed later",
            active,
            statement(status("completed"), valproate(), effective("2023-01-01", "2025-02-01"))),
        fine(
            "a prescription that was completed may have followers",
            active,
            request(status("completed"), valproate(), authored("2025-01-01"))),
        fine(
            "a statement completed without saying when",
            active,
            statement(status("completed"), valproate(), effective("2023-01-01", ""))),
        clash(
            rule,
            "the same record in error",
            active,
            request(status("entered-in-error"), valproate(), authored("2024-05-01"))),
        fine(
            "another record in error",
            active,
            request(status("entered-in-error"), valproate(), authored("2025-05-01"))),
        clash(
            rule,
            "an error of the same identifier",
            request(
                status("active"),
                valproate(),
                authored("2024-05-01"),
                "'identifier':[{'system':'urn:rx','value':'1'}]"),
            request(
                status("entered-in-error"),
                valproate(),
                authored("2024-05-02"),
                "'identifier':[{'system':'urn:rx','value':'1'}]")),
        clash(
            rule,
            "it is not to be given",
            active,
            request(status("active"), "'doNotPerform':true", valproate(), authored("2020-01-01"))),
        fine(
            "both are active",
            active,
            statement(status("active"), valproate(), effective("2020-01-01", ""))),
        fine(
            "on hold is not stopped",
            active,
            request(status("on-hold"), valproate(), authored("2025-01-01"))),
        fine(
            "another medicine",
            active,
            request(status("stopped"), medicine(SNOMED, "387562000"), authored("2025-01-01"))));
  }

  @TestFactory
  Stream<DynamicTest> doses() {
    String five = request(status("active"), valproate(), dosage(dose("500", "mg")));
    Rule rule = Rule.MEDICINE_DOSE;
    return tests(
        clash(
            rule,
            "another amount",
            five,
            request(status("active"), valproate(), dosage(dose("250", "mg")))),
        fine(
            "the same amount in another unit",
            five,
            request(status("active"), valproate(), dosage(dose("0.5", "g")))),
        clash(
            rule,
            "a dose is not rounded",
            request(status("active"), valproate(), dosage(dose("1", "mg"))),
            request(status("active"), valproate(), dosage(dose("1.4", "mg")))),
        fine(
            "tablets and milligrams do not compare",
            five,
            request(status("active"), valproate(), dosage(dose("1", "{tablet}")))),
        fine(
            "tablets are no puffs",
            request(status("active"), valproate(), dosage(dose("2", "{puff}"))),
            request(status("active"), valproate(), dosage(dose("1", "{tablet}")))),
        clash(
            rule,
            "more often",
            request(status("active"), valproate(), dosage(daily("500", "mg", 1))),
            request(status("active"), valproate(), dosage(daily("500", "mg", 2)))),
        fine(
            "often in other words",
            request(status("active"), valproate(), dosage(daily("500", "mg", 2))),
            request(
                status("active"),
                valproate(),
                dosage(
                    "{'timing':{'code':{'coding':[{'code':'BID'}]}},"
                        + dose("500", "mg").substring(1)))),
        fine(
            "how often one of them does not say",
            five,
            request(status("active"), valproate(), dosage(daily("500", "mg", 2)))),
        clash(
            rule,
            "a request against a statement",
            five,
            statement(status("active"), valproate(), "'dosage':[" + dose("250", "mg") + "]")),
        fine(
            "one of them is not current",
            five,
            request(status("completed"), valproate(), dosage(dose("250", "mg")))),
        fine(
            "words against a structure",
            five,
            request(status("active"), valproate(), says("one daily"))),
        fine(
            "the same words in another spelling",
            request(status("active"), valproate(), says("One  To Be Taken Each Day.")),
            request(status("active"), valproate(), says("one to be taken each day"))),
        clash(
            rule,
            "the same words with another number",
            request(status("active"), valproate(), says("One to be taken each day")),
            request(status("active"), valproate(), says("Two to be taken each day"))),
        clash(
            rule,
            "one tablet is not two tablets",
            request(status("active"), valproate(), says("1 tablet at night")),
            request(status("active"), valproate(), says("2 tablets at night"))),
        fine(
            "other words may mean the same",
            request(status("active"), valproate(), says("1 od")),
            request(status("active"), valproate(), says("take one in the morning"))),
        fine(
            "the doses of morning and night in another order",
            request(status("active"), valproate(), dosage(dose("500", "mg"), dose("250", "mg"))),
            request(status("active"), valproate(), dosage(dose("250", "mg"), dose("500", "mg")))),
        clash(
            rule,
            "by another route",
            request(
                status("active"),
                valproate(),
                dosage(
                    "{"
                        + concept("route", SNOMED, "26643006")
                        + ","
                        + dose("1", "mg").substring(1))),
            request(
                status("active"),
                valproate(),
                dosage(
                    "{"
                        + concept("route", SNOMED, "47625008")
                        + ","
                        + dose("1", "mg").substring(1)))),
        clash(
            rule,
            "a range that is wider",
            request(
                status("active"),
                valproate(),
                dosage("{'doseAndRate':[{'doseRange':{'low':{'value':1},'high':{'value':2}}}]}")),
            request(
                status("active"),
                valproate(),
                dosage("{'doseAndRate':[{'doseRange':{'low':{'value':1},'high':{'value':4}}}]}"))),
        fine(
            "neither says any",
            request(status("active"), valproate()),
            request(status("active"), valproate())));
  }

  @TestFactory
  Stream<DynamicTest> conditions() {
    String active = condition(ASTHMA, clinical("active"));
    Rule rule = Rule.CONDITION_STATUS;
    return tests(
        clash(rule, "resolved", active, condition(ASTHMA, clinical("resolved"))),
        clash(
            rule,
            "in remission",
            condition(ASTHMA, clinical("relapse")),
            condition(ASTHMA, clinical("remission"))),
        clash(
            rule,
            "inactive",
            condition(ASTHMA, clinical("recurrence")),
            condition(ASTHMA, clinical("inactive"))),
        clash(rule, "refuted", active, condition(ASTHMA, verified("refuted"))),
        clash(rule, "it has ended", active, condition(ASTHMA, "'abatementDateTime':'2020'")),
        fine(
            "an error says nothing of another record",
            active,
            condition(ASTHMA, verified("entered-in-error"))),
        fine("both active", active, condition(ASTHMA, clinical("relapse"))),
        fine("no status is no contradiction", active, condition(ASTHMA)),
        fine(
            "another episode",
            condition(ASTHMA, clinical("active"), onset("2024-01-01")),
            condition(ASTHMA, clinical("resolved"), onset("2010-01-01"))),
        clash(
            rule,
            "perhaps the same episode",
            condition(ASTHMA, clinical("active"), onset("2010-05-04")),
            condition(ASTHMA, clinical("resolved"), onset("2010"))),
        clash(
            rule,
            "one does not say when it began",
            condition(ASTHMA, clinical("active"), onset("2024-01-01")),
            condition(ASTHMA, clinical("resolved"))),
        fine(
            "the other arm",
            condition(ASTHMA, clinical("active"), concept("bodySite", SNOMED, "1")),
            condition(ASTHMA, clinical("resolved"), concept("bodySite", SNOMED, "2"))),
        fine(
            "another condition",
            active,
            condition(concept("code", SNOMED, "84757009"), clinical("resolved"))));
  }

  @TestFactory
  Stream<DynamicTest> values() {
    String four = observation(status("final"), POTASSIUM, NINE, quantity("4.1", "mmol/L"));
    Rule rule = Rule.OBSERVATION_VALUE;
    String id = "'identifier':[{'system':'urn:lab','value':'7'}]";
    return tests(
        clash(
            rule,
            "another value",
            four,
            observation(status("final"), POTASSIUM, NINE, quantity("6.2", "mmol/L"))),
        fine(
            "the same",
            four,
            observation(status("final"), POTASSIUM, NINE, quantity("4.10", "mmol/L"))),
        fine(
            "a record that rounds",
            four,
            observation(status("final"), POTASSIUM, NINE, quantity("4", "mmol/L"))),
        fine(
            "the same by conversion",
            observation(POTASSIUM, NINE, quantity("70", "kg")),
            observation(POTASSIUM, NINE, quantity("154.32", "[lb_av]"))),
        clash(
            rule,
            "another by conversion",
            observation(POTASSIUM, NINE, quantity("70", "kg")),
            observation(POTASSIUM, NINE, quantity("180", "[lb_av]"))),
        fine(
            "mmol/L and mg/dL: it depends on the substance",
            four,
            observation(POTASSIUM, NINE, quantity("16", "mg/dL"))),
        clash(
            rule,
            "the same minute in another zone",
            four,
            observation(POTASSIUM, at("2026-03-01T10:00:30+01:00"), quantity("6.2", "mmol/L"))),
        fine(
            "another minute",
            four,
            observation(POTASSIUM, at("2026-03-01T09:01:00Z"), quantity("6.2", "mmol/L"))),
        fine(
            "the day alone is no minute",
            four,
            observation(POTASSIUM, at("2026-03-01"), quantity("6.2", "mmol/L"))),
        clash(
            rule,
            "the same record by its identifier",
            observation(POTASSIUM, id, quantity("4.1", "mmol/L")),
            observation(POTASSIUM, id, quantity("6.2", "mmol/L"))),
        fine(
            "a panel's identifier with other codes",
            observation(POTASSIUM, id, quantity("4.1", "mmol/L")),
            observation(
                concept("code", SNOMED, "1000661000000107"), id, quantity("140", "mmol/L"))),
        fine(
            "another part of the body",
            observation(POTASSIUM, NINE, concept("bodySite", SNOMED, "1"), quantity("36", "Cel")),
            observation(POTASSIUM, NINE, concept("bodySite", SNOMED, "2"), quantity("38", "Cel"))),
        fine(
            "another method",
            observation(POTASSIUM, NINE, concept("method", SNOMED, "1"), quantity("36", "Cel")),
            observation(POTASSIUM, NINE, concept("method", SNOMED, "2"), quantity("38", "Cel"))),
        fine(
            "one was entered in error",
            four,
            observation(status("entered-in-error"), POTASSIUM, NINE, quantity("6.2", "mmol/L"))),
        fine(
            "one has no value",
            four,
            observation(POTASSIUM, NINE, concept("dataAbsentReason", "urn:x", "error"))),
        clash(
            rule,
            "positive against negative",
            observation(POTASSIUM, NINE, "'valueString':'Positive'"),
            observation(POTASSIUM, NINE, "'valueString':'negative'")),
        fine(
            "other words may mean the same",
            observation(POTASSIUM, NINE, "'valueString':'sinus rhythm'"),
            observation(POTASSIUM, NINE, "'valueString':'regular'")),
        clash(
            rule,
            "another coded finding",
            observation(POTASSIUM, NINE, concept("valueCodeableConcept", SNOMED, "1")),
            observation(POTASSIUM, NINE, concept("valueCodeableConcept", SNOMED, "2"))),
        clash(
            rule,
            "yes against no",
            observation(POTASSIUM, NINE, "'valueBoolean':true"),
            observation(POTASSIUM, NINE, "'valueBoolean':false")),
        clash(
            rule,
            "below five against seven",
            observation(POTASSIUM, NINE, quantity("5,'comparator':'<'", "mg/L")),
            observation(POTASSIUM, NINE, quantity("7", "mg/L"))),
        fine(
            "below five against three",
            observation(POTASSIUM, NINE, quantity("5,'comparator':'<'", "mg/L")),
            observation(POTASSIUM, NINE, quantity("3", "mg/L"))),
        clash(
            rule,
            "one pressure of the two",
            observation(POTASSIUM, NINE, pressures("120", "80")),
            observation(POTASSIUM, NINE, pressures("120", "95"))),
        fine(
            "both pressures",
            observation(POTASSIUM, NINE, pressures("120", "80")),
            observation(POTASSIUM, NINE, pressures("120", "80"))),
        fine(
            "a number that would fill the memory",
            observation(POTASSIUM, NINE, quantity("1e999999999", "mg/L")),
            observation(POTASSIUM, NINE, quantity("7", "g/L"))),
        fine(
            "a unit that would run the stack out",
            observation(POTASSIUM, NINE, quantity("1", "km999999")),
            observation(POTASSIUM, NINE, quantity("7", "m"))));
  }

  private static String pressures(String high, String low) {
    return "'component':[{%s,%s},{%s,%s}]"
        .formatted(
            concept("code", "http://loinc.org", "8480-6"),
            quantity(high, "mm[Hg]"),
            concept("code", "http://loinc.org", "8462-4"),
            quantity(low, "mm[Hg]"));
  }

  @TestFactory
  Stream<DynamicTest> deaths() {
    return Stream.of(
            deaths(true, "one region alone says so", "'deceasedBoolean':true", ""),
            deaths(
                true,
                "another says that she is alive",
                "'deceasedDateTime':'2026-01-01'",
                "'deceasedBoolean':false"),
            deaths(
                true,
                "on other days",
                "'deceasedDateTime':'2026-01-01'",
                "'deceasedDateTime':'2026-02-01'"),
            deaths(
                false,
                "both, one of them with a day",
                "'deceasedBoolean':true",
                "'deceasedDateTime':'2026-02-01'"),
            deaths(
                false,
                "one knows the year",
                "'deceasedDateTime':'2026'",
                "'deceasedDateTime':'2026-02-01'"),
            deaths(false, "alive, or not said", "'deceasedBoolean':false", ""),
            deaths(false, "neither says anything", "", ""))
        .flatMap(tests -> tests);
  }

  private static Stream<DynamicTest> deaths(
      boolean conflict, String reason, String london, String wessex) {
    return Stream.of(
        DynamicTest.dynamicTest(
            reason,
            () ->
                assertThat(
                        Conflicts.among(
                            List.of(), List.of(person("london", london), person("wessex", wessex))))
                    .extracting(Conflict::rule)
                    .isEqualTo(conflict ? List.of("death") : List.of())));
  }

  private static Person person(String region, String members) {
    return new Person(
        Given.region(region),
        Optional.of("https://gateway.example/" + region),
        entry(
            "{\"resourceType\":\"Patient\"%s}"
                .formatted(members.isEmpty() ? "" : "," + members.replace('\'', '"'))));
  }

  @Test
  void aDeathThatOneRegionKnowsOfNamesTheOthers() {
    assertThat(
            Conflicts.among(
                List.of(),
                List.of(
                    person("london", ""),
                    person("wessex", "'deceasedDateTime':'2026-01-02T10:00:00Z'"),
                    person("kent", "'deceasedBoolean':false"))))
        .singleElement()
        .satisfies(
            conflict -> {
              assertThat(conflict.text())
                  .isEqualTo(
                      "The patient: recorded as deceased on 2026-01-02 at Region wessex; alive at"
                          + " Region kent; not said to be deceased at Region london.");
              assertThat(conflict.fullUrls()).hasSize(3);
            });
  }

  @Test
  void twoEntriesOfOneRegionContradictEachOtherOnAllergiesAlone() {
    assertThat(
            rules(
                fact("london", "AllergyIntolerance", "1", PENICILLIN),
                fact("london", "AllergyIntolerance", "2", PENICILLIN + "," + verified("refuted")),
                fact("london", "AllergyIntolerance", "3", denial("716186003")),
                fact("london", "Condition", "4", ASTHMA + "," + clinical("active")),
                fact("london", "Condition", "5", ASTHMA + "," + clinical("resolved"))))
        .containsExactly("allergy-denied", "allergy-status");
  }

  @Test
  void oneMatterIsOneConflictThoughItHasSeveralCodes() {
    String both = concept("code", SNOMED, "91936005", "urn:read", "14L1.");
    List<Conflict> conflicts =
        Conflicts.among(
            List.of(
                fact("london", "AllergyIntolerance", "1", both),
                fact("wessex", "AllergyIntolerance", "2", both + "," + verified("refuted"))),
            List.of());
    assertThat(conflicts).hasSize(1);
  }

  @Test
  void saysWhoSaysWhat() {
    List<Conflict> conflicts =
        Conflicts.among(
            List.of(
                fact("london", "AllergyIntolerance", "1", allergen("Penicillin")),
                fact("kent", "AllergyIntolerance", "2", allergen("Penicillins")),
                fact(
                    "wessex",
                    "AllergyIntolerance",
                    "3",
                    allergen("X") + "," + verified("refuted"))),
            List.of());
    assertThat(conflicts)
        .extracting(Conflict::text)
        .containsExactly(
            "Allergy to \"Penicillin\": active at Region london and Region kent; refuted at Region wessex.");
    assertThat(conflicts.getFirst().fullUrls()).hasSize(3);
  }

  private static String allergen(String display) {
    return "'code':{'coding':[{'system':'http://snomed.info/sct','code':'7','display':'%s'}]}"
        .formatted(display);
  }

  @Test
  void quotesAPeersWordsShortAndOnOneLine() {
    String name = "a\\nb\\u202e\\u0007" + "c".repeat(500);
    assertThat(
            Conflicts.among(
                List.of(
                    fact("london", "AllergyIntolerance", "1", allergen(name)),
                    fact(
                        "wessex",
                        "AllergyIntolerance",
                        "2",
                        allergen("X") + "," + verified("refuted"))),
                List.of()))
        .singleElement()
        .extracting(Conflict::text)
        .asString()
        .startsWith("Allergy to \"a b  ccc")
        .contains("c…\": active at Region london;")
        .hasSizeLessThan(160);
  }

  @Test
  void allergiesComeFirstThenTheDeathThenTheRest() {
    List<Conflict> conflicts =
        Conflicts.among(
            List.of(
                fact(
                    "london",
                    "Observation",
                    "1",
                    POTASSIUM + "," + NINE + "," + quantity("4", "g")),
                fact("london", "Condition", "2", ASTHMA + "," + clinical("active")),
                fact("london", "MedicationRequest", "3", status("active") + "," + valproate()),
                fact("london", "AllergyIntolerance", "4", PENICILLIN),
                fact(
                    "wessex",
                    "Observation",
                    "1",
                    POTASSIUM + "," + NINE + "," + quantity("6", "g")),
                fact("wessex", "Condition", "2", ASTHMA + "," + clinical("resolved")),
                fact("wessex", "MedicationRequest", "3", status("stopped") + "," + valproate()),
                fact("wessex", "AllergyIntolerance", "4", PENICILLIN + "," + verified("refuted"))),
            List.of(person("london", "'deceasedBoolean':true"), person("wessex", "")));
    assertThat(conflicts)
        .extracting(Conflict::rule)
        .containsExactly(
            "allergy-status", "death", "medicine-stopped", "condition-status", "observation-value");
  }

  @Test
  void tellsAHundredAndHowManyMore() {
    List<Fact> facts = new ArrayList<>();
    for (String region : List.of("london", "wessex")) {
      IntStream.range(0, 130)
          .forEach(
              i ->
                  facts.add(
                      fact(
                          region,
                          "Condition",
                          "c" + i,
                          concept("code", SNOMED, "c" + i)
                              + ","
                              + clinical(region.equals("london") ? "active" : "resolved"))));
    }
    List<Conflict> conflicts = Conflicts.among(facts, List.of());
    assertThat(conflicts).hasSize(101);
    assertThat(conflicts.getLast().text()).contains("30 more");
  }

  @Test
  void everyRuleHasAnIdAndAReason() {
    assertThat(Rule.values()).extracting(Rule::id).doesNotHaveDuplicates();
    assertThat(Rule.values()).allSatisfy(rule -> assertThat(rule.reason()).endsWith("."));
  }

  // What a row comes to, both ways round.

  private static Stream<DynamicTest> tests(Row... rows) {
    return Arrays.stream(rows)
        .map(
            row ->
                DynamicTest.dynamicTest(
                    row.reason(),
                    () -> {
                      check(row, row.london(), row.wessex());
                      check(row, row.wessex(), row.london());
                    }));
  }

  private static void check(Row row, String one, String other) {
    Fact first = of("london", one);
    Fact second = of("wessex", other);
    List<Conflict> conflicts = Conflicts.among(List.of(first, second), List.of());
    if (row.rule().equals(NONE)) {
      assertThat(conflicts).isEmpty();
    } else {
      assertThat(conflicts)
          .singleElement()
          .satisfies(
              conflict -> {
                assertThat(conflict.rule()).isEqualTo(row.rule());
                assertThat(conflict.fullUrls()).containsExactly(first.fullUrl(), second.fullUrl());
              });
    }
  }

  private static Fact of(String region, String resource) {
    int bar = resource.indexOf('|');
    return fact(region, resource.substring(0, bar), "1", resource.substring(bar + 1));
  }

  private static List<String> rules(Fact... facts) {
    return Conflicts.among(List.of(facts), List.of()).stream().map(Conflict::rule).toList();
  }
}
