package dev.ermine.audit;

import static dev.ermine.audit.Datatypes.coding;
import static dev.ermine.audit.Datatypes.detail;
import static dev.ermine.audit.Datatypes.identifier;
import static dev.ermine.audit.Datatypes.object;
import static dev.ermine.audit.Datatypes.reference;
import static dev.ermine.audit.Datatypes.text;

import com.fasterxml.jackson.core.io.JsonStringEncoder;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import com.fasterxml.jackson.databind.util.RawValue;
import dev.ermine.fhir.NhsNumber;
import dev.ermine.trust.Requester;
import java.nio.charset.StandardCharsets;
import java.util.Base64;
import java.util.List;

/**
 * The things that an event is about.
 *
 * @see <a href="https://hl7.org/fhir/R4/auditevent-definitions.html#AuditEvent.entity">FHIR R4:
 *     AuditEvent.entity</a>
 */
final class Entities {

  private static final String TYPE = "http://terminology.hl7.org/CodeSystem/audit-entity-type";
  private static final String ROLE = "http://terminology.hl7.org/CodeSystem/object-role";
  private static final String BALP_TYPE =
      "https://profiles.ihe.net/ITI/BALP/CodeSystem/BasicAuditEntityType";
  private static final String RESOURCE_TYPE = "http://hl7.org/fhir/resource-types";

  static final String ABOUT = "about";
  static final String TYPE_ASKED = "type";
  static final String BASIS = "basis";
  static final String BREAK_GLASS = "break-glass";
  static final String PATIENT_NAMED = "patient-named";
  static final String CONTEXT = "acr";
  static final String AUTHENTICATED = "auth-time";
  static final String OWN_RECORD = "own-record";

  private static final String PERSON = "1";
  private static final String SYSTEM_OBJECT = "2";
  private static final String PATIENT = "1";
  private static final String DOMAIN_RESOURCE = "4";
  private static final String QUERY = "24";

  private static final String RELEASED_TYPE =
      "{\"type\":{\"system\":\"" + RESOURCE_TYPE + "\",\"code\":\"";

  private static final String RELEASED_WHAT =
      "\"},\"role\":{\"system\":\""
          + ROLE
          + "\",\"code\":\""
          + DOMAIN_RESOURCE
          + "\"},\"what\":{\"identifier\":{\"value\":\"";

  private static final String RELEASED_END = "\"}}}";

  private Entities() {}

  /** The patient, and why the asker says that this record is theirs to see. */
  static ObjectNode patient(NhsNumber number, Requester requester) {
    ObjectNode entity = entity(coding(TYPE, PERSON), PATIENT);
    entity.set("what", reference("Patient", identifier(NhsNumber.SYSTEM, number.value())));
    ArrayNode details = object().arrayNode();
    requester
        .relationship()
        .ifPresent(
            stated -> {
              add(details, "relationship-basis", stated.basis());
              stated.reason().ifPresent(reason -> add(details, "relationship-reason", reason));
            });
    requester.reason().ifPresent(reason -> add(details, "reason-for-request", reason));
    requester.breakGlassReason().ifPresent(why -> add(details, "break-glass-reason", why));
    if (!details.isEmpty()) {
      entity.set("detail", details);
    }
    return entity;
  }

  /** What was searched for, as it was asked. */
  static ObjectNode query(String text) {
    byte[] bytes = text.getBytes(StandardCharsets.UTF_8);
    return entity(coding(TYPE, SYSTEM_OBJECT), QUERY)
        .put("query", Base64.getEncoder().encodeToString(bytes));
  }

  /** What is read: {@code region/Type/id}. */
  static ObjectNode data(String reference) {
    return resource(coding(TYPE, SYSTEM_OBJECT), reference);
  }

  /**
   * What a search releases: {@code region/Type/id}. Its type is the resource's own, since BALP
   * keeps the one system object of a search for the query. There are many of these, so each is JSON
   * at once.
   */
  static RawValue released(String reference) {
    int from = reference.indexOf('/') + 1;
    int to = reference.indexOf('/', from);
    if (from == 0 || to < 0) {
      throw new IllegalArgumentException("a released reference is region/Type/id");
    }
    return new RawValue(
        RELEASED_TYPE
            + quoted(reference.substring(from, to))
            + RELEASED_WHAT
            + quoted(text(reference))
            + RELEASED_END);
  }

  private static String quoted(String text) {
    return new String(JsonStringEncoder.getInstance().quoteAsString(text));
  }

  private static ObjectNode resource(ObjectNode type, String reference) {
    ObjectNode entity = entity(type, DOMAIN_RESOURCE);
    entity.putObject("what").set("identifier", text(object(), "value", reference));
    return entity;
  }

  /**
   * All that agreements look at in a question, in codes: what it takes to decide it again without
   * knowing whose record it was about, or who asked.
   */
  static void question(ArrayNode details, Requester requester, List<String> types) {
    // What the token's scope leaves out is denied whatever is agreed, and no question of it.
    types.stream()
        .filter(requester.scope()::covers)
        .forEach(type -> add(details, TYPE_ASKED, type));
    requester.relationship().ifPresent(stated -> add(details, BASIS, stated.basis()));
    boolean saysWhy = requester.breakGlassReason().filter(why -> !why.isBlank()).isPresent();
    add(details, BREAK_GLASS, saysWhy ? "stated" : "not-stated");
    add(details, PATIENT_NAMED, Boolean.toString(requester.patient().isPresent()));
    if (requester.breaksGlass()) {
      requester.stepUp().context().ifPresent(context -> add(details, CONTEXT, context));
      requester.stepUp().at().ifPresent(at -> add(details, AUTHENTICATED, at.toString()));
      add(details, OWN_RECORD, Boolean.toString(requester.ownRecord()));
    }
  }

  /** The request: what ties an intent to its outcome, and both to the other sides' audits. */
  static ObjectNode transaction(String requestId, ArrayNode details) {
    ObjectNode entity = object();
    entity.putObject("what").set("identifier", text(object(), "value", requestId));
    entity.set("type", coding(BALP_TYPE, "XrequestId"));
    entity.set("detail", details);
    return entity;
  }

  static void add(ArrayNode details, String type, String value) {
    if (!value.isBlank()) {
      details.add(detail(type, value));
    }
  }

  private static ObjectNode entity(ObjectNode type, String role) {
    ObjectNode entity = object();
    entity.set("type", type);
    entity.set("role", coding(ROLE, role));
    return entity;
  }
}
