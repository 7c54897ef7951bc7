package dev.ermine.merge.fact;

import dev.ermine.fhir.BodyScanner;
import dev.ermine.fhir.Coding;
import dev.ermine.fhir.Entry;
import dev.ermine.fhir.PeerBody;
import dev.ermine.testing.Given;
import java.nio.charset.StandardCharsets;
import java.util.List;

/** Facts that tests start from. */
final class FactsGiven {

  static final String SNOMED = "http://snomed.info/sct";

  private FactsGiven() {}

  /** A resource of that type and id with these members besides, as a region sends it. */
  static Fact fact(String region, String type, String id, String members) {
    String resource =
        "{\"resourceType\":\"%s\",\"id\":\"%s\"%s}"
            .formatted(type, id, members.isEmpty() ? "" : "," + members.replace('\'', '"'));
    return new Fact(
        Given.region(region),
        "https://gateway.example/regions/%s/fhir/%s/%s".formatted(region, type, id),
        entry(resource),
        List.of());
  }

  /** The same, where it refers to a Medication of these codes. */
  static Fact of(Fact fact, Coding... medication) {
    return new Fact(fact.region(), fact.fullUrl(), fact.entry(), List.of(medication));
  }

  static String concept(String element, String... systemsAndCodes) {
    StringBuilder codings = new StringBuilder();
    for (int i = 0; i < systemsAndCodes.length; i += 2) {
      codings
          .append(i == 0 ? "" : ",")
          .append(
              "{'system':'%s','code':'%s'}".formatted(systemsAndCodes[i], systemsAndCodes[i + 1]));
    }
    return "'%s':{'coding':[%s]}".formatted(element, codings);
  }

  static Entry entry(String resource) {
    byte[] body =
        "{\"resourceType\":\"Bundle\",\"type\":\"searchset\",\"entry\":[{\"resource\":%s}]}"
            .formatted(resource)
            .getBytes(StandardCharsets.UTF_8);
    return ((PeerBody.Searchset) BodyScanner.scan(body, body.length)).entries().getFirst();
  }
}
