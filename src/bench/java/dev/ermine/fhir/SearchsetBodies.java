package dev.ermine.fhir;

import java.nio.charset.StandardCharsets;
import java.util.Random;

/**
 * Searchsets as the UK's systems write them, of about so many bytes: entries of 2 kB, of which some
 * tell little besides their words and others are made of codes and references.
 */
final class SearchsetBodies {

  private static final String SNOMED = "http://snomed.info/sct";

  private final Random random = new Random(9);
  private final String kind;

  /**
   * @param kind {@code record}, the usual; {@code prose}, with few facets; {@code coded}, with many
   */
  SearchsetBodies(String kind) {
    this.kind = kind;
  }

  byte[] of(int size) {
    StringBuilder body =
        new StringBuilder(
            "{\"resourceType\":\"Bundle\",\"type\":\"searchset\",\"link\":[{\"relation\":\"self\",\"url\":"
                + "\"https://peer.example/fhir/Observation?patient=p1\"}],\"entry\":[");
    int number = 0;
    while (body.length() < size - 1_000) {
      body.append(number == 0 ? "" : ",").append(entry(number++));
    }
    return body.append("]}").toString().getBytes(StandardCharsets.UTF_8);
  }

  private String entry(int number) {
    String id = "%08x-%04x-4abc-8def-%012x".formatted(random.nextInt(), number & 0xffff, number);
    return """
        {"fullUrl":"https://peer.example/fhir/Observation/%1$s","resource":{"resourceType":"Observation","id":"%1$s",\
        "meta":{"versionId":"%2$d","lastUpdated":"2026-03-%3$02dT10:%4$02d:00.000+00:00","profile":\
        ["https://fhir.hl7.org.uk/StructureDefinition/UKCore-Observation"],"security":\
        [{"system":"http://terminology.hl7.org/CodeSystem/v3-Confidentiality","code":"N","display":"normal"}]},\
        "identifier":[{"system":"https://peer.example/Id/record","value":"%1$s"}],"status":"final",\
        "subject":{"reference":"Patient/p1","identifier":{"system":"https://fhir.nhs.uk/Id/nhs-number","value":"9000000009"}},\
        "effectiveDateTime":"20%5$02d-%6$02d-%3$02dT08:%4$02d:00+00:00",\
        %7$s},"search":{"mode":"match"}}"""
        .formatted(
            id,
            1 + random.nextInt(9),
            1 + random.nextInt(28),
            random.nextInt(60),
            5 + random.nextInt(20),
            1 + random.nextInt(12),
            switch (kind) {
              case "prose" -> code() + "," + narrative(24);
              case "coded" -> code() + ",\"component\":[" + components(6) + "]";
              default -> usual();
            });
  }

  private String usual() {
    return """
        "category":[{"coding":[{"system":"http://terminology.hl7.org/CodeSystem/observation-category","code":"laboratory"}]}],\
        %s,"performer":[{"reference":"Organization/o%d","display":"Pathology, St Ermine’s"}],\
        "encounter":{"reference":"Encounter/e%d"},\
        "valueQuantity":{"value":%d.%d,"unit":"mmol/L","system":"http://unitsofmeasure.org","code":"mmol/L"},%s"""
        .formatted(
            code(),
            random.nextInt(9),
            random.nextInt(1_000),
            random.nextInt(180),
            random.nextInt(10),
            narrative(11));
  }

  private String narrative(int sentences) {
    return "\"text\":{\"status\":\"generated\",\"div\":\"<div xmlns=\\\"http://www.w3.org/1999/xhtml\\\"><p>"
        + "Seen in clinic; see the letter. Temp 37.5°C.<br/>\\n".repeat(sentences + random.nextInt(5))
        + "</p></div>\"}";
  }

  private String components(int count) {
    StringBuilder components = new StringBuilder();
    for (int i = 0; i < count; i++) {
      components
          .append(i == 0 ? "{" : ",{")
          .append(code())
          .append(",\"valueQuantity\":{\"value\":")
          .append(random.nextInt(180))
          .append(",\"system\":\"http://unitsofmeasure.org\",\"code\":\"g\"}}");
    }
    return components.toString();
  }

  private String code() {
    return """
        "code":{"coding":[{"system":"%s","code":"%d","display":"Wording %d of it"},{"system":"http://read.info/readv2",\
        "code":"%04x."}],"text":"As they call it %d"}"""
        .formatted(
            SNOMED,
            100_000_000L + random.nextInt(2_000),
            random.nextInt(90),
            random.nextInt(2_000),
            random.nextInt(9));
  }
}
