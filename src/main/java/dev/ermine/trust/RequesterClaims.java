package dev.ermine.trust;

import dev.ermine.fhir.Coding;
import dev.ermine.fhir.NhsNumber;
import dev.ermine.fhir.PurposeOfUse;
import dev.ermine.region.Organisation;
import dev.ermine.region.RegionId;
import dev.ermine.trust.Requester.Patient;
import dev.ermine.trust.Requester.Relationship;
import dev.ermine.trust.Requester.StepUp;
import dev.ermine.trust.Trust.Reason;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.regex.Pattern;

/**
 * What a token says of the person who asks: GP Connect's claims first, UDAP's {@code hl7-b2b}
 * extension where they are absent.
 *
 * @see <a
 *     href="https://developer.nhs.uk/apis/gpconnect-1-6-0/integration_cross_organisation_audit_and_provenance.html">GP
 *     Connect: cross-organisation audit and provenance</a>
 * @see <a href="https://hl7.org/fhir/us/udap-security/b2b.html">UDAP Security: B2B authorization
 *     extension object</a>
 */
final class RequesterClaims {

  /** The identifier system of users of the Spine Directory Service. */
  static final String SDS_USER = "https://fhir.nhs.uk/Id/sds-user-id";

  /** GP Connect's word for a user without a smartcard. */
  private static final String NO_SMARTCARD = "UNK";

  private static final Pattern ODS = Pattern.compile("[A-Z0-9]{2,12}");
  private static final Pattern DATE = Pattern.compile("\\d{4}(-\\d{2}(-\\d{2})?)?");
  private static final Set<String> GENDERS = Set.of("male", "female", "other", "unknown");

  /** One context: where several are named, blanks part them. */
  private static final Pattern CONTEXT = Pattern.compile("[!-~]{1,128}");

  /** The one version of the extension that there is. */
  private static final String B2B_VERSION = "1";

  private final Claims claims;
  private final Claims b2b;
  private final String subject;

  private RequesterClaims(Claims claims, Claims b2b, String subject) {
    this.claims = claims;
    this.b2b = b2b;
    this.subject = subject;
  }

  /** Of a token whose {@code sub} is the user. */
  static RequesterClaims ofUser(Claims claims) throws Refusal {
    return new RequesterClaims(claims, b2b(claims), claims.text("sub"));
  }

  /** Of a token whose {@code sub} is the user's system: who the user is, the context says. */
  static RequesterClaims ofClient(Claims claims) throws Refusal {
    Claims b2b = b2b(claims);
    Optional<String> practitioner = claims.object("requesting_practitioner").optionalText("id");
    return new RequesterClaims(
        claims, b2b, practitioner.isPresent() ? practitioner.get() : b2b.text("subject_id"));
  }

  private static Claims b2b(Claims claims) throws Refusal {
    Claims extensions = claims.object("extensions");
    Claims b2b = extensions.object("hl7-b2b");
    claims.require(!extensions.has("hl7-b2b") || b2b.text("version").equals(B2B_VERSION));
    return b2b;
  }

  /**
   * What proves a requester, beside who they are.
   *
   * @param by the region that shows it
   * @param certificate the thumbprint that it is bound to
   */
  record Proof(Certified by, String certificate, String tokenId, Instant expires, Scope scope) {}

  /** The requester whom that proves, as these claims tell of them. */
  Requester requester(Proof proof) throws Refusal {
    Forwarding way = Forwarding.of(claims, proof.by);
    RegionId origin = way.origin(proof.by).id();
    RegionId sender = proof.by.asker().region().id();
    Optional<Patient> patient = patient();
    return new Requester(
        origin,
        way.originator(),
        subject,
        organisation(),
        userId(),
        name(),
        roles(),
        purposes(),
        reason(),
        breakGlassReason(),
        relationship(),
        patient,
        practitioner(),
        way.hops(),
        proof.tokenId,
        proof.certificate,
        proof.expires,
        proof.scope,
        stepUp(),
        isUser(patient),
        way.hops().isEmpty() ? Optional.empty() : Optional.of(sender),
        timeLeft());
  }

  /** At least one, each once; whether each is permitted is for policy to say. */
  private List<PurposeOfUse> purposes() throws Refusal {
    Claims stated = (claims.has("purpose_of_use") ? claims : b2b).orElse(Reason.PURPOSE_MISSING);
    List<PurposeOfUse> purposes = new ArrayList<>();
    for (String text : stated.texts("purpose_of_use")) {
      Optional<PurposeOfUse> purpose = PurposeOfUse.parse(text);
      stated.require(purpose.isPresent());
      purpose.filter(p -> !purposes.contains(p)).ifPresent(purposes::add);
    }
    stated.require(!purposes.isEmpty());
    return purposes;
  }

  private Optional<String> reason() throws Refusal {
    return claims.optionalText("reason_for_request");
  }

  private Optional<String> breakGlassReason() throws Refusal {
    return claims.optionalText("break_glass_reason");
  }

  private StepUp stepUp() throws Refusal {
    Optional<String> context = claims.optionalText("acr");
    claims.require(context.isEmpty() || CONTEXT.matcher(context.get()).matches());
    return new StepUp(
        context,
        claims.has("auth_time") ? Optional.of(claims.instant("auth_time")) : Optional.empty());
  }

  /** The originating organisation, by exactly one ODS code. */
  private Organisation organisation() throws Refusal {
    if (!claims.has("requesting_organization")) {
      Coding id = coding(b2b.text("organization_id"));
      claims.require(id.system().equals(Organisation.SYSTEM));
      return organisation(id.code(), b2b.optionalText("organization_name"));
    }
    Claims organisation = resource("requesting_organization", "Organization");
    List<String> codes = identifiers(organisation, Organisation.SYSTEM);
    claims.require(codes.size() == 1);
    return organisation(codes.getFirst(), organisation.optionalText("name"));
  }

  private Organisation organisation(String ods, Optional<String> name) throws Refusal {
    claims.require(ODS.matcher(ods).matches());
    return new Organisation(ods, name.orElse(ods));
  }

  private List<Coding> roles() throws Refusal {
    List<Coding> roles = new ArrayList<>();
    for (Claims role : claims.objects("subject_role")) {
      roles.add(new Coding(role.text("system"), role.text("code")));
    }
    if (!claims.has("subject_role") && b2b.has("subject_role")) {
      roles.add(coding(b2b.text("subject_role")));
    }
    return roles;
  }

  private Optional<Relationship> relationship() throws Refusal {
    if (!claims.has("legitimate_relationship")) {
      return Optional.empty();
    }
    Claims relationship = claims.object("legitimate_relationship");
    return Optional.of(
        new Relationship(relationship.text("basis"), relationship.optionalText("reason")));
  }

  private Optional<Patient> patient() throws Refusal {
    if (!claims.has("patient")) {
      return Optional.empty();
    }
    Claims patient = claims.object("patient");
    Optional<NhsNumber> number = NhsNumber.parse(patient.text("identifier"));
    Optional<String> birthdate = patient.optionalText("birthdate");
    Optional<String> gender = patient.optionalText("gender");
    claims.require(birthdate.isEmpty() || DATE.matcher(birthdate.get()).matches());
    claims.require(gender.isEmpty() || GENDERS.contains(gender.get()));
    claims.require(number.isPresent());
    return Optional.of(
        new Patient(
            number.orElseThrow(),
            patient.optionalText("family"),
            patient.texts("given"),
            birthdate,
            gender));
  }

  /**
   * Whether that patient is the user, by the NHS numbers that the token has of the user: among the
   * practitioner's identifiers, or as the subject. It may have none.
   */
  private boolean isUser(Optional<Patient> patient) throws Refusal {
    List<String> numbers = identifiers(claims.object("requesting_practitioner"), NhsNumber.SYSTEM);
    for (String number : numbers) {
      claims.require(NhsNumber.parse(number).isPresent());
    }
    numbers.add(number(subject));
    b2b.optionalText("subject_id").map(RequesterClaims::number).ifPresent(numbers::add);
    return patient.filter(named -> numbers.contains(named.identifier().value())).isPresent();
  }

  /** The number alone, where a user is named by one. */
  private static String number(String user) {
    String prefix = NhsNumber.SYSTEM + "|";
    return user.startsWith(prefix) ? user.substring(prefix.length()) : user;
  }

  /** As it came; its id, when there, is the subject's. */
  private Optional<Map<String, Object>> practitioner() throws Refusal {
    if (!claims.has("requesting_practitioner")) {
      return Optional.empty();
    }
    Claims practitioner = resource("requesting_practitioner", "Practitioner");
    Optional<String> id = practitioner.optionalText("id");
    claims.require(id.isEmpty() || id.get().equals(subject));
    return Optional.of(practitioner.plain());
  }

  private Optional<String> userId() throws Refusal {
    List<String> ids = identifiers(claims.object("requesting_practitioner"), SDS_USER);
    Optional<String> id = ids.isEmpty() ? b2bUserId() : Optional.of(ids.getFirst());
    claims.require(ids.size() <= 1);
    return id.filter(value -> !value.equals(NO_SMARTCARD));
  }

  private Optional<String> b2bUserId() throws Refusal {
    String prefix = SDS_USER + "|";
    return b2b.optionalText("subject_id")
        .filter(id -> id.startsWith(prefix) && id.length() > prefix.length())
        .map(id -> id.substring(prefix.length()));
  }

  /** The name in one line, from the first FHIR HumanName. */
  private Optional<String> name() throws Refusal {
    List<Claims> names = claims.object("requesting_practitioner").objects("name");
    if (names.isEmpty()) {
      return b2b.optionalText("subject_name");
    }
    Claims name = names.getFirst();
    Optional<String> text = name.optionalText("text");
    if (text.isPresent()) {
      return text;
    }
    List<String> words = new ArrayList<>(name.texts("prefix"));
    words.addAll(name.texts("given"));
    name.optionalText("family").ifPresent(words::add);
    return words.isEmpty() ? Optional.empty() : Optional.of(String.join(" ", words));
  }

  private Optional<Duration> timeLeft() throws Refusal {
    return claims.has("time_left") ? Optional.of(claims.millis("time_left")) : Optional.empty();
  }

  private Claims resource(String name, String type) throws Refusal {
    Claims resource = claims.object(name);
    Optional<String> stated = resource.optionalText("resourceType");
    claims.require(stated.isEmpty() || stated.get().equals(type));
    return resource;
  }

  /** The different values of a resource's identifiers in {@code system}. */
  private static List<String> identifiers(Claims resource, String system) throws Refusal {
    List<String> values = new ArrayList<>();
    for (Claims identifier : resource.objects("identifier")) {
      if (identifier.optionalText("system").equals(Optional.of(system))) {
        String value = identifier.text("value");
        if (!values.contains(value)) {
          values.add(value);
        }
      }
    }
    return values;
  }

  /** A code as UDAP's URIs have it here: {@code system|code}, or with {@code #} for an OID. */
  private Coding coding(String uri) throws Refusal {
    int split = Math.max(uri.lastIndexOf('|'), uri.lastIndexOf('#'));
    claims.require(split > 0 && split < uri.length() - 1);
    return new Coding(uri.substring(0, split), uri.substring(split + 1));
  }
}
