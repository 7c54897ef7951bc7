package dev.ermine.bench;

import java.util.Random;

/**
 * A laboratory's result as the UK's systems write it, about 2 kB: coded twice, with a narrative,
 * identifiers, references, dates, a range, escapes and letters beyond ASCII. The same every time.
 */
final class DetailedObservation {

  /** About as long as one is. */
  static final int BYTES = 2_000;

  private final String base;
  private final int region;
  private final int number;
  private final Random fact;
  private final Random own;

  /**
   * @param fact what it says; two entries of one fact differ in their words alone
   */
  private DetailedObservation(String base, int region, int number, long fact) {
    this.base = base;
    this.region = region;
    this.number = number;
    this.fact = new Random(fact);
    this.own = new Random(31L * region + number);
  }

  /** The entry, as a searchset of the region with that base has it. */
  static String entry(String base, int region, int number, long fact) {
    return new DetailedObservation(base, region, number, fact).entry();
  }

  private String entry() {
    String id = "%08x-%04x-4abc-8def-%012x".formatted(own.nextInt(), region, number);
    return """
        {"fullUrl":"%10$s/Observation/%1$s","resource":{"resourceType":"Observation","id":"%1$s",\
        "meta":{"versionId":"%2$d","lastUpdated":"2026-03-01T10:00:00.000+00:00",\
        "profile":["https://fhir.hl7.org.uk/StructureDefinition/UKCore-Observation-Lab"],\
        "security":[{"system":"http://terminology.hl7.org/CodeSystem/v3-Confidentiality","code":"N","display":"normal"}]},\
        "text":{"status":"generated","div":"%3$s"},\
        "identifier":[{"use":"official","system":"https://results.example.nhs.uk/Id/result","value":"%4$016x"}],\
        %5$s,\
        "subject":{"reference":"Patient/p","identifier":{"system":"https://fhir.nhs.uk/Id/nhs-number","value":"%6$s"}},\
        "encounter":{"reference":"Encounter/encounter-%7$d"},\
        "performer":[{"reference":"Organization/organisation-%8$d","display":"St Mary’s pathology \\"North\\""}],\
        %9$s},"search":{"mode":"match"}}"""
        .formatted(
            id,
            1 + own.nextInt(9),
            narrative(),
            fact.nextLong(),
            said(),
            HeldRecord.PATIENT,
            own.nextInt(40),
            own.nextInt(9),
            measured(),
            base);
  }

  private String narrative() {
    return "<div xmlns=\\\"http://www.w3.org/1999/xhtml\\\"><p><b>Result</b></p><p>"
        + "Seen in clinic; see the letter of %02d March. ".formatted(1 + own.nextInt(28)).repeat(7)
        + "</p></div>";
  }

  private String said() {
    return """
        "status":"final",\
        "category":[{"coding":[{"system":"http://terminology.hl7.org/CodeSystem/observation-category","code":"laboratory","display":"Laboratory"}]}],\
        "code":{"coding":[{"system":"http://snomed.info/sct","code":"%1$d","display":"Substance %2$d in blood"},\
        {"system":"http://read.info/readv2","code":"%3$04x."}],"text":"Substance %2$d"},\
        "effectiveDateTime":"%4$s","issued":"%4$s\""""
        .formatted(
            300_000_006L + 10L * fact.nextInt(60_000),
            own.nextInt(90),
            fact.nextInt(1 << 16),
            time());
  }

  private String time() {
    return "20%02d-%02d-%02dT%02d:%02d:00+00:00"
        .formatted(
            5 + fact.nextInt(20),
            1 + fact.nextInt(12),
            1 + fact.nextInt(28),
            8 + fact.nextInt(10),
            fact.nextInt(60));
  }

  private String measured() {
    return """
        "valueQuantity":{"value":%1$d.%2$d,"unit":"µmol/L","system":"http://unitsofmeasure.org","code":"umol/L"},\
        "interpretation":[{"coding":[{"system":"http://terminology.hl7.org/CodeSystem/v3-ObservationInterpretation","code":"N"}]}],\
        "note":[{"text":"Taken fasting.\\nNo action needed."}],\
        "referenceRange":[{"low":{"value":59,"unit":"µmol/L"},"high":{"value":104,"unit":"µmol/L"}}]"""
        .formatted(40 + fact.nextInt(90), fact.nextInt(10));
  }
}
