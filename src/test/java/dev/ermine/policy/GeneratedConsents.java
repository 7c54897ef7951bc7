package dev.ermine.policy;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.function.Supplier;

/** Consents, and entries that they speak of, of few words in all combinations. */
final class GeneratedConsents {

  private static final String V3 = "http://terminology.hl7.org/CodeSystem/";

  private final Random random;

  GeneratedConsents(Random random) {
    this.random = random;
  }

  private String one(String... of) {
    return of[random.nextInt(of.length)];
  }

  private boolean chance(int percent) {
    return random.nextInt(100) < percent;
  }

  private static ObjectNode object() {
    return ConsentWorld.JSON.createObjectNode();
  }

  private static ObjectNode coding(String system, String code) {
    return object().put("system", system).put("code", code);
  }

  private static ObjectNode concept(ObjectNode coding) {
    ObjectNode concept = object();
    concept.putArray("coding").add(coding);
    return concept;
  }

  List<ObjectNode> consents() {
    List<ObjectNode> consents = new ArrayList<>();
    for (int i = random.nextInt(4); i >= 0; i--) {
      consents.add(consent());
    }
    return consents;
  }

  ObjectNode consent() {
    ObjectNode consent =
        object()
            .put("resourceType", "Consent")
            .put("status", chance(85) ? "active" : one("inactive", "draft", "rejected"));
    consent.set(
        "scope", concept(coding(V3 + "consentscope", chance(95) ? "patient-privacy" : "research")));
    consent.putObject("patient").put("reference", "Patient/p1");
    consent.putArray("organization").addObject().put("reference", "Organization/keeper");
    if (chance(30)) {
      consent
          .putArray("identifier")
          .addObject()
          .put("system", "urn:forms")
          .put("value", one("1", "2"));
    }
    if (chance(70)) {
      consent.put("dateTime", "2021-0" + (1 + random.nextInt(4)) + "-01");
    }
    consent.set(
        "policyRule",
        concept(
            coding(
                V3 + "v3-ActCode",
                one("OPTIN", "OPTIN", "OPTOUT", "EMRGONLY", chance(10) ? "INFA" : "OPTIN"))));
    if (chance(95)) {
      ObjectNode root = provision(0);
      if (chance(50)) {
        root.remove("type");
      }
      if (!root.isEmpty()) {
        consent.set("provision", root);
      }
    }
    return consent;
  }

  private ObjectNode provision(int depth) {
    ObjectNode provision = object().put("type", one("deny", "permit"));
    maybe(10, () -> provision.set("period", period()));
    maybe(25, () -> several(provision, "purpose", this::purpose));
    maybe(12, () -> several(provision, "action", this::action));
    maybe(20, () -> several(provision, "actor", this::actor));
    maybe(20, () -> several(provision, "securityLabel", this::label));
    maybe(20, () -> several(provision, "class", this::kind));
    maybe(20, () -> several(provision, "code", this::codeOrWords));
    maybe(15, () -> provision.set("dataPeriod", period()));
    maybe(15, () -> several(provision, "data", this::data));
    if (depth < 3 && chance(55)) {
      several(provision, "provision", () -> provision(depth + 1));
    }
    return provision;
  }

  private void maybe(int percent, Runnable then) {
    if (chance(percent)) {
      then.run();
    }
  }

  private void several(ObjectNode node, String name, Supplier<ObjectNode> item) {
    ArrayNode array = node.putArray(name);
    for (int i = random.nextInt(3); i >= 0; i--) {
      array.add(item.get());
    }
  }

  private String date() {
    String year = one("2020", "2021", "2022", "2023");
    return switch (random.nextInt(3)) {
      case 0 -> year;
      case 1 -> year + one("-01", "-06", "-07");
      default -> year + one("-05-31", "-06-01", "-06-02");
    };
  }

  private ObjectNode period() {
    String one = date();
    String other = date();
    boolean ordered = one.substring(0, 4).compareTo(other.substring(0, 4)) < 0;
    return switch (random.nextInt(3)) {
      case 0 -> object().put("start", one);
      case 1 -> object().put("end", one);
      default ->
          ordered
              ? object().put("start", one).put("end", other)
              : object().put("start", one).put("end", one);
    };
  }

  private ObjectNode purpose() {
    return chance(95)
        ? coding(V3 + "v3-ActReason", one("TREAT", "ETREAT", "BTG", "HRESCH", "COC"))
        : coding("urn:local", "TREAT");
  }

  private ObjectNode action() {
    return concept(
        chance(95)
            ? coding(V3 + "consentaction", one("access", "disclose", "collect", "use", "correct"))
            : coding("urn:local", "access"));
  }

  private ObjectNode actor() {
    ObjectNode actor = object();
    String role = one("IRCP", "PRCP", "CST", "AUT", "R8000", "R8001", "ATND");
    actor.set(
        "role",
        concept(
            role.startsWith("R8")
                ? coding(AgreementRules.ROLES, role)
                : coding(V3 + "v3-ParticipationType", role)));
    ObjectNode reference = object();
    switch (random.nextInt(4)) {
      case 0 ->
          reference
              .putObject("identifier")
              .put("system", "https://fhir.nhs.uk/Id/ods-organization-code")
              .put("value", one("RQW", "QM7", "QMJ", "RAX"));
      case 1 ->
          reference
              .putObject("identifier")
              .put("system", "https://fhir.nhs.uk/Id/sds-user-id")
              .put("value", one("111222333444", "999"));
      default ->
          reference.put(
              "reference",
              one(
                  "Organization/keeper",
                  "Organization/trust",
                  "Practitioner/ours",
                  "Practitioner/theirs",
                  "Practitioner/nobody",
                  "Group/team"));
    }
    actor.set("reference", reference);
    return actor;
  }

  private ObjectNode label() {
    return chance(50)
        ? coding(V3 + "v3-Confidentiality", one("U", "L", "M", "N", "R", "V"))
        : coding(V3 + "v3-ActCode", one("HIV", "SEX", "PSY", "ETHUD", "SUD", "SPI"));
  }

  private ObjectNode kind() {
    return chance(90)
        ? coding("http://hl7.org/fhir/resource-types", one("Observation", "Condition", "Flag"))
        : coding("urn:local", "Observation");
  }

  private ObjectNode code() {
    return coding("http://snomed.info/sct", one("1", "2", "3"));
  }

  private ObjectNode codeOrWords() {
    return chance(95) ? concept(code()) : object().put("text", "in words");
  }

  private ObjectNode data() {
    ObjectNode data =
        object().put("meaning", one("instance", "related", "dependents", "authoredby"));
    data.putObject("reference")
        .put(
            "reference",
            data.path("meaning").asText().equals("authoredby")
                ? one("Practitioner/ours", "Practitioner/theirs", "Organization/trust")
                : one("Observation/1", "Condition/2", "Observation/3", "Encounter/e1", "Task/t1"));
    return data;
  }

  /** What may come with Consents. */
  static List<String> others() {
    return List.of(
        "{'resourceType':'Organization','id':'keeper'}",
        "{'resourceType':'Organization','id':'trust','identifier':[{'system':"
            + "'https://fhir.nhs.uk/Id/ods-organization-code','value':'RQW'}]}",
        "{'resourceType':'Practitioner','id':'ours','identifier':[{'system':"
            + "'https://fhir.nhs.uk/Id/sds-user-id','value':'111222333444'}]}",
        "{'resourceType':'Practitioner','id':'theirs','identifier':[{'system':"
            + "'https://fhir.nhs.uk/Id/sds-user-id','value':'999'}]}",
        "{'resourceType':'Group','id':'team','member':[{'entity':{'reference':"
            + "'Practitioner/theirs'}},{'entity':{'reference':'Organization/trust'}}]}",
        "{'resourceType':'Task','id':'t1','focus':{'reference':'Observation/1'},'for':{'reference':"
            + "'Patient/p1'}}");
  }

  ObjectNode entry() {
    ObjectNode entry =
        object()
            .put("resourceType", one("Observation", "Condition"))
            .put("id", one("1", "2", "3", "4"));
    maybe(
        70,
        () -> {
          ObjectNode meta = entry.putObject("meta");
          several(meta, "security", this::label);
        });
    maybe(80, () -> entry.set("code", concept(code())));
    maybe(70, () -> entry.put("effectiveDateTime", date()));
    maybe(40, () -> entry.put("issuedDate", date()));
    entry.putObject("subject").put("reference", "Patient/p1");
    maybe(
        50,
        () -> entry.putObject("encounter").put("reference", one("Encounter/e1", "Encounter/e2")));
    maybe(60, () -> several(entry, "performer", this::performer));
    return entry;
  }

  private ObjectNode performer() {
    return object()
        .put(
            "reference",
            one(
                "Practitioner/ours",
                "Practitioner/theirs",
                "Organization/trust",
                "Organization/b"));
  }
}
