package dev.ermine.audit;

import static dev.ermine.audit.Datatypes.coding;
import static dev.ermine.audit.Datatypes.concept;
import static dev.ermine.audit.Datatypes.identifier;
import static dev.ermine.audit.Datatypes.object;
import static dev.ermine.audit.Datatypes.reference;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.ermine.audit.PastEvent.Phase;
import dev.ermine.fhir.PurposeOfUse;
import dev.ermine.fhir.ResourceTypes;
import dev.ermine.policy.AgreementRules;
import dev.ermine.region.Organisation;
import dev.ermine.region.RegionId;
import java.io.IOException;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.nio.file.Path;
import java.time.Instant;
import java.util.Optional;
import java.util.Set;
import java.util.regex.Pattern;

/**
 * An audit file without its people: each query's event is written anew from what is known to be a
 * code of its kind, and nothing else is copied. What decisions rest on stays, so the queries can be
 * replayed.
 */
public final class PseudonymisedAudit {

  /** What stands for a code that may be somebody's words; no rule names it. */
  static final String OTHER = "OTHER";

  private static final String SYSTEM = "https://ermine.dev/fhir/CodeSystem/pseudonym";
  private static final Pattern ROLE = Pattern.compile("[A-Z]{1,3}[0-9]{1,6}");
  private static final Pattern ODS = Pattern.compile("[A-Z0-9]{2,9}");
  private static final Pattern RULE = Pattern.compile("(?!.*[0-9]{7})[A-Za-z0-9._#-]{1,100}");
  private static final Pattern WORD = Pattern.compile("[a-z]{1,20}(-[a-z]{1,20}){0,3}");
  private static final Pattern HASH = Pattern.compile("[0-9a-f]{64}");
  private static final Pattern DESCRIPTION =
      Pattern.compile("[A-Z]{2,20}(_[A-Z]{1,20}){1,5}|answered [0-9]{3}|about to be asked");

  private static final Set<Phase> QUERIES = Set.of(Phase.INTENT, Phase.OUTCOME, Phase.REFUSAL);

  private final Pseudonyms pseudonyms;
  private final Set<String> words;

  /**
   * @param words that agreements name: bases of relationships, contexts of authentication; others
   *     may be anybody's
   */
  public PseudonymisedAudit(Pseudonyms pseudonyms, Set<String> words) {
    this.pseudonyms = pseudonyms;
    this.words = Set.copyOf(words);
  }

  /** Writes the file's queries; how many lines were left out, for being none or not whole. */
  public long write(Path file, OutputStream out) throws IOException {
    long[] left = new long[1];
    long unread =
        Lines.read(
            file,
            line -> {
              Optional<byte[]> written = of(line);
              written.ifPresentOrElse(bytes -> write(bytes, out), () -> left[0]++);
            });
    return left[0] + unread;
  }

  private static void write(byte[] line, OutputStream out) {
    try {
      out.write(line);
      out.write('\n');
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** The event without its people; empty where it is no query's. */
  Optional<byte[]> of(byte[] line) {
    return PastEvents.tree(line)
        .flatMap(EventReader::read)
        .filter(event -> QUERIES.contains(event.phase()))
        .map(event -> written(event, PastEvents.tree(line).orElseThrow()).toString())
        .map(text -> text.getBytes(java.nio.charset.StandardCharsets.UTF_8));
  }

  private ObjectNode written(PastEvent past, JsonNode from) {
    ObjectNode event = object().put("resourceType", "AuditEvent");
    if (from.at("/subtype/0/code").asText().equals("read")) {
      event.putArray("subtype").add(coding("http://hl7.org/fhir/restful-interaction", "read"));
    }
    event.put("recorded", past.at().toString());
    if (DESCRIPTION.matcher(past.description()).matches()) {
      event.put("outcomeDesc", past.description());
    }
    ArrayNode agents = event.putArray("agent");
    past.forwarder()
        .or(past::region)
        .filter(RegionId::isValid)
        .ifPresent(region -> agents.add(client(region)));
    past.region()
        .filter(_ -> past.forwarder().isPresent())
        .filter(RegionId::isValid)
        .map(RegionId::new)
        .ifPresent(region -> agents.add(Agents.originator(region)));
    from.path("agent").forEach(agent -> person(agent).ifPresent(agents::add));
    past.asked()
        .forEach(
            (region, rules) -> {
              if (RegionId.isValid(region)) {
                agents.add(
                    Agents.custodian(
                        new RegionId(region),
                        rules.stream().map(PseudonymisedAudit::rule).toList()));
              }
            });
    ArrayNode entities = event.putArray("entity");
    patient(from).ifPresent(entities::add);
    entities.add(Entities.transaction(pseudonyms.of("request", past.requestId()), details(past)));
    return event;
  }

  private static ObjectNode client(String region) {
    ObjectNode agent = object();
    agent.set("who", reference("Organization", identifier(Agents.REGION, region)));
    return agent.put("requestor", false);
  }

  /** The user as a pseudonym with coded roles and purposes; the organisation by its code. */
  private Optional<ObjectNode> person(JsonNode from) {
    String type = from.at("/type/coding/0/code").asText();
    String value = from.at("/who/identifier/value").asText();
    ObjectNode agent = object();
    if (type.equals("PROV")) {
      agent.set("type", concept("http://terminology.hl7.org/CodeSystem/v3-RoleClass", "PROV"));
      String ods = ODS.matcher(value).matches() ? value : OTHER;
      agent.set("who", reference("Organization", identifier(Organisation.SYSTEM, ods)));
      return Optional.of(agent.put("requestor", false));
    }
    if (!type.equals("IRCP")) {
      return Optional.empty();
    }
    agent.set(
        "type", concept("http://terminology.hl7.org/CodeSystem/v3-ParticipationType", "IRCP"));
    ArrayNode roles = agent.putArray("role");
    from.path("role").forEach(role -> role(role).ifPresent(roles::add));
    agent.set(
        "who",
        reference(
            "Practitioner",
            identifier(
                SYSTEM,
                pseudonyms.of("user", from.at("/who/identifier/system").asText() + " " + value))));
    ArrayNode purposes = agent.putArray("purposeOfUse");
    from.path("purposeOfUse").forEach(purpose -> purposes.add(purpose(purpose)));
    return Optional.of(agent.put("requestor", true));
  }

  private static Optional<ObjectNode> role(JsonNode from) {
    String code = from.at("/coding/0/code").asText();
    boolean coded =
        from.at("/coding/0/system").asText().equals(AgreementRules.ROLES)
            && ROLE.matcher(code).matches();
    return coded ? Optional.of(concept(AgreementRules.ROLES, code)) : Optional.empty();
  }

  private static ObjectNode purpose(JsonNode from) {
    String code = from.at("/coding/0/code").asText();
    boolean known = PurposeOfUse.parse(code).filter(PurposeOfUse::known).isPresent();
    return known ? concept(PurposeOfUse.SYSTEM, code) : object().put("text", OTHER);
  }

  private Optional<ObjectNode> patient(JsonNode from) {
    for (JsonNode entity : from.path("entity")) {
      if (entity.at("/what/type").asText().equals("Patient")) {
        String number = entity.at("/what/identifier/value").asText();
        ObjectNode patient = object();
        patient.set(
            "what", reference("Patient", identifier(SYSTEM, pseudonyms.of("patient", number))));
        return Optional.of(patient);
      }
    }
    return Optional.empty();
  }

  private ArrayNode details(PastEvent past) {
    ArrayNode details = object().arrayNode();
    Entities.add(details, "phase", past.phase().name().toLowerCase(java.util.Locale.ROOT));
    past.trustHash()
        .filter(hash -> HASH.matcher(hash).matches())
        .ifPresent(hash -> Entities.add(details, "trust-hash", hash));
    past.status().ifPresent(status -> Entities.add(details, "status", Integer.toString(status)));
    past.left()
        .forEach(
            (region, rules) -> {
              if (RegionId.isValid(region)) {
                String told =
                    String.join(" ", rules.stream().map(PseudonymisedAudit::rule).toList());
                Entities.add(details, "not-asked/" + region, told);
              }
            });
    past.statuses()
        .forEach(
            (region, status) -> {
              if (RegionId.isValid(region) && WORD.matcher(status).matches()) {
                Entities.add(details, "status/" + region, status);
              }
            });
    past.question().ifPresent(question -> add(details, question, past.at()));
    return details;
  }

  private void add(ArrayNode details, PastEvent.Question question, Instant at) {
    question.types().stream()
        .filter(ResourceTypes::isKnown)
        .forEach(type -> Entities.add(details, Entities.TYPE_ASKED, type));
    question.basis().ifPresent(basis -> Entities.add(details, Entities.BASIS, word(basis)));
    Entities.add(details, Entities.BREAK_GLASS, question.breaksGlass() ? "stated" : "not-stated");
    Entities.add(details, Entities.PATIENT_NAMED, Boolean.toString(question.patientNamed()));
    question
        .stepUp()
        .ifPresent(
            stepUp -> {
              Entities.add(details, Entities.CONTEXT, word(stepUp.context()));
              Entities.add(details, Entities.AUTHENTICATED, at.minus(stepUp.age()).toString());
            });
    Entities.add(details, Entities.OWN_RECORD, Boolean.toString(question.ownRecord()));
  }

  private String word(String stated) {
    return words.contains(stated) ? stated : OTHER;
  }

  private static String rule(String rule) {
    return RULE.matcher(rule).matches() ? rule : OTHER;
  }
}
