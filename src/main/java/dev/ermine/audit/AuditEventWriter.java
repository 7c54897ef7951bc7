package dev.ermine.audit;

import static dev.ermine.audit.Datatypes.coding;
import static dev.ermine.audit.Datatypes.object;
import static dev.ermine.audit.Datatypes.text;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.json.JsonMapper;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.ermine.audit.AuditRecord.Act;
import dev.ermine.audit.AuditRecord.GlassBroken;
import dev.ermine.audit.AuditRecord.Intent;
import dev.ermine.audit.AuditRecord.Interaction;
import dev.ermine.audit.AuditRecord.Issue;
import dev.ermine.audit.AuditRecord.Outcome;
import dev.ermine.audit.AuditRecord.Query;
import dev.ermine.audit.AuditRecord.Refusal;
import dev.ermine.audit.AuditRecord.Told;
import dev.ermine.region.Regions;
import dev.ermine.trust.Requester;
import java.io.UncheckedIOException;
import java.net.URI;
import java.time.Instant;

/**
 * An audit record as FHIR R4 AuditEvent, after IHE's Basic Audit Log Patterns: an intent and an
 * outcome as the gateway's side of a patient query or patient read, broken glass, an access token
 * and a refusal as security events, an officer's act as an operation or as use of the audit log.
 *
 * <p>BALP's profiles are for what succeeded, and only then claimed. What it has no place for stands
 * as details of the transaction: {@code phase}, {@code trust-hash}, {@code status}, {@code
 * status/}<i>region</i>, {@code not-asked/}<i>region</i>, {@code demographics} where the Personal
 * Demographics Service is asked who the patient is, {@code hop}, {@code origin} (another region
 * that something released comes from); of a question also what agreements look at: {@code type},
 * {@code basis}, {@code break-glass}, {@code patient-named}, and of broken glass {@code acr},
 * {@code auth-time}, {@code own-record}.
 *
 * @see <a href="https://profiles.ihe.net/ITI/BALP/content.html">IHE BALP: Content</a>
 * @see <a href="https://hl7.org/fhir/R4/auditevent.html">FHIR R4: AuditEvent</a>
 */
public final class AuditEventWriter {

  private static final String PROFILES =
      "https://profiles.ihe.net/ITI/BALP/StructureDefinition/IHE.BasicAudit.";
  private static final String EVENT_TYPE = "http://terminology.hl7.org/CodeSystem/audit-event-type";
  private static final String INTERACTIONS = "http://hl7.org/fhir/restful-interaction";
  private static final String SOURCE_TYPE =
      "http://terminology.hl7.org/CodeSystem/security-source-type";
  private static final String DCM = "http://dicom.nema.org/resources/ontology/DCM";
  private static final String USER_AUTHENTICATION = "110114";
  private static final String SECURITY_ALERT = "110113";
  private static final String OVERRIDE_STARTED = "110127";
  private static final String AUDIT_LOG_USED = "110101";
  private static final String LIFECYCLE =
      "http://terminology.hl7.org/CodeSystem/iso-21089-lifecycle";
  private static final String APPLICATION_SERVER = "4";
  private static final String SUCCESS = "0";
  private static final String MINOR_FAILURE = "4";
  private static final String SERIOUS_FAILURE = "8";

  private static final JsonMapper JSON = JsonMapper.builder().build();

  private final Agents agents;
  private final String site;

  /**
   * A writer for one gateway.
   *
   * @param gateway who observes
   * @param base the address that callers know it by
   */
  public AuditEventWriter(Regions.Gateway gateway, URI base) {
    this.agents = new Agents(gateway, base);
    this.site = gateway.id();
  }

  /** The record as one line of JSON in UTF-8, without its end. */
  public byte[] write(AuditRecord record) {
    ObjectNode event =
        switch (record) {
          case Intent intent -> intent(intent);
          case GlassBroken broken -> broken(broken);
          case Outcome outcome -> outcome(outcome);
          case Issue issue -> issue(issue);
          case Refusal refusal -> refusal(refusal);
          case Told told -> told(told);
          case Act act -> act(act);
        };
    try {
      return JSON.writeValueAsBytes(event);
    } catch (JsonProcessingException impossible) {
      throw new UncheckedIOException("a tree of plain values is JSON", impossible);
    }
  }

  private ObjectNode intent(Intent intent) {
    Query query = intent.query();
    ObjectNode event = event(query, intent.at(), SUCCESS, "about to be asked");
    ArrayNode asked = agents.of(query);
    intent.asked().forEach((region, rules) -> asked.add(Agents.custodian(region, rules)));
    event.set("agent", asked);
    event.set("source", source());
    ArrayNode entities = entities(event, query);
    ArrayNode details = details("intent", query);
    Entities.question(details, query.requester(), query.types());
    intent
        .notAsked()
        .forEach(
            (region, rules) ->
                Entities.add(details, "not-asked/" + region, String.join(" ", rules)));
    if (intent.demographics()) {
      Entities.add(details, "demographics", "asked");
    }
    entities.add(Entities.transaction(query.requestId(), details));
    return event;
  }

  /**
   * The alert that what is withheld otherwise is about to be seen.
   *
   * @see <a
   *     href="https://dicom.nema.org/medical/dicom/current/output/chtml/part15/sect_A.5.3.11.html">DICOM
   *     PS3.15, A.5.3.11: Security Alert</a>
   */
  private ObjectNode broken(GlassBroken broken) {
    Query query = broken.query();
    Requester requester = query.requester();
    ObjectNode event = object().put("resourceType", "AuditEvent");
    event.set("type", coding(DCM, SECURITY_ALERT));
    event.putArray("subtype").add(coding(DCM, OVERRIDE_STARTED));
    happened(event, "E", broken.at(), SUCCESS, "glass about to be broken");
    event.set("purposeOfEvent", Claims.purposes(requester.purposes()));
    ArrayNode asked = agents.of(query);
    broken.asked().forEach((region, rules) -> asked.add(Agents.custodian(region, rules)));
    event.set("agent", asked);
    event.set("source", source());
    ArrayNode details = details("override", query);
    Entities.question(details, requester, query.types());
    event
        .putArray("entity")
        .add(Entities.patient(query.patient(), requester))
        .add(Entities.transaction(query.requestId(), details));
    return event;
  }

  private ObjectNode outcome(Outcome outcome) {
    Query query = outcome.query();
    ObjectNode event =
        event(query, outcome.at(), code(outcome.status()), "answered " + outcome.status());
    event.set("agent", agents.of(query));
    event.set("source", source());
    ArrayNode entities = entities(event, query);
    outcome.released().stream()
        .filter(reference -> !reference.equals(query.text()))
        .forEach(reference -> entities.addRawValue(Entities.released(reference)));
    ArrayNode details = details("outcome", query);
    Entities.add(details, "status", Integer.toString(outcome.status()));
    outcome
        .statuses()
        .forEach((region, status) -> Entities.add(details, "status/" + region, status));
    outcome.origins().forEach(region -> Entities.add(details, "origin", region.value()));
    entities.add(Entities.transaction(query.requestId(), details));
    return event;
  }

  private static String code(int status) {
    if (status < 400) {
      return SUCCESS;
    }
    return status < 500 ? MINOR_FAILURE : SERIOUS_FAILURE;
  }

  private ObjectNode issue(Issue issue) {
    Requester requester = issue.requester();
    ObjectNode event = object().put("resourceType", "AuditEvent");
    event.set("type", coding(DCM, USER_AUTHENTICATION));
    happened(event, "E", issue.at(), SUCCESS, "access token issued");
    event.set("purposeOfEvent", Claims.purposes(requester.purposes()));
    event.set("agent", agents.of(issue));
    event.set("source", source());
    ArrayNode details = details("token", issue.trustHash(), requester);
    Entities.add(details, "token-scope", requester.scope().text());
    Entities.add(details, "token-expires", requester.expires().toString());
    ArrayNode entities = event.putArray("entity");
    requester
        .patient()
        .map(patient -> Entities.patient(patient.identifier(), requester))
        .ifPresent(entities::add);
    entities.add(Entities.transaction(issue.requestId(), details));
    return event;
  }

  private ObjectNode refusal(Refusal refusal) {
    String type = refusal.status() == 401 ? USER_AUTHENTICATION : SECURITY_ALERT;
    ObjectNode event = object().put("resourceType", "AuditEvent");
    event.set("type", coding(DCM, type));
    happened(event, "E", refusal.at(), SERIOUS_FAILURE, refusal.reason());
    event.set("agent", agents.of(refusal));
    event.set("source", source());
    ArrayNode details = object().arrayNode();
    Entities.add(details, "phase", "refusal");
    Entities.add(details, "trust-hash", refusal.trustHash());
    Entities.add(details, "status", Integer.toString(refusal.status()));
    Entities.add(details, "route", refusal.route());
    refusal.requester().ifPresent(asker -> Entities.question(details, asker, refusal.types()));
    event.putArray("entity").add(Entities.transaction(refusal.requestId(), details));
    return event;
  }

  /** That somebody was told is a transmission: it bears nothing of the record. */
  private ObjectNode told(Told told) {
    ObjectNode event = object().put("resourceType", "AuditEvent");
    event.set("type", coding(LIFECYCLE, "transmit"));
    happened(event, "E", told.at(), SUCCESS, "privacy office told");
    event.set("agent", agents.of(told));
    event.set("source", source());
    ArrayNode details = object().arrayNode();
    Entities.add(details, "phase", "notice");
    Entities.add(details, Entities.ABOUT, told.about().toString());
    Entities.add(details, "trust-hash", told.trustHash());
    event.putArray("entity").add(Entities.transaction(told.requestId(), details));
    return event;
  }

  /**
   * Looking up a past request is use of the audit log; what else an officer asks for is an ordinary
   * interaction, for nothing about security is changed by it. What is refused is an alert.
   */
  private ObjectNode act(Act act) {
    boolean refused = act.status() == 401 || act.status() == 403;
    ObjectNode event = object().put("resourceType", "AuditEvent");
    if (refused) {
      event.set("type", coding(DCM, SECURITY_ALERT));
    } else if (act.asked().containsKey(Act.REQUEST)) {
      event.set("type", coding(DCM, AUDIT_LOG_USED));
    } else {
      event.set("type", coding(EVENT_TYPE, "rest"));
      event.putArray("subtype").add(coding(INTERACTIONS, "operation"));
    }
    String described = act.reason().orElse("answered " + act.status());
    happened(event, "E", act.at(), refused ? SERIOUS_FAILURE : code(act.status()), described);
    event.set("agent", agents.of(act));
    event.set("source", source());
    event.putArray("entity").add(Entities.transaction(act.requestId(), details(act)));
    return event;
  }

  private static ArrayNode details(Act act) {
    ArrayNode details = object().arrayNode();
    Entities.add(details, "phase", "act");
    Entities.add(details, "trust-hash", act.trustHash());
    Entities.add(details, "status", Integer.toString(act.status()));
    Entities.add(details, "route", act.route());
    act.asked().forEach((name, value) -> Entities.add(details, "asked/" + name, value));
    Entities.add(details, "decisions", Integer.toString(act.decisions()));
    return details;
  }

  private static ObjectNode event(Query query, Instant at, String code, String description) {
    boolean read = query.interaction() == Interaction.READ;
    ObjectNode event = object().put("resourceType", "AuditEvent");
    if (code.equals(SUCCESS)) {
      String profile = PROFILES + (read ? "PatientRead" : "PatientQuery");
      event.putObject("meta").putArray("profile").add(profile);
    }
    event.set("type", coding(EVENT_TYPE, "rest"));
    event.putArray("subtype").add(coding(INTERACTIONS, query.interaction().code()));
    happened(event, read ? "R" : "E", at, code, description);
    event.set("purposeOfEvent", Claims.purposes(query.requester().purposes()));
    return event;
  }

  private static void happened(
      ObjectNode event, String action, Instant at, String code, String description) {
    event.put("action", action).put("recorded", at.toString()).put("outcome", code);
    text(event, "outcomeDesc", description);
  }

  private ObjectNode source() {
    ObjectNode source = text(object(), "site", site);
    source.set("observer", agents.observer());
    source.putArray("type").add(coding(SOURCE_TYPE, APPLICATION_SERVER));
    return source;
  }

  /** The patient, and what is searched for or read. */
  private static ArrayNode entities(ObjectNode event, Query query) {
    return event
        .putArray("entity")
        .add(Entities.patient(query.patient(), query.requester()))
        .add(
            query.interaction() == Interaction.READ
                ? Entities.data(query.text())
                : Entities.query(query.text()));
  }

  private static ArrayNode details(String phase, Query query) {
    return details(phase, query.trustHash(), query.requester());
  }

  private static ArrayNode details(String phase, String trustHash, Requester requester) {
    ArrayNode details = object().arrayNode();
    Entities.add(details, "phase", phase);
    Entities.add(details, "trust-hash", trustHash);
    requester.hops().forEach(hop -> Entities.add(details, "hop", hop));
    return details;
  }
}
