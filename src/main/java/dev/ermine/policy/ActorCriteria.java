package dev.ermine.policy;

import dev.ermine.fhir.Coding;
import dev.ermine.fhir.Consent;
import dev.ermine.fhir.Consent.Actor;
import dev.ermine.fhir.Consent.ProvisionType;
import dev.ermine.fhir.Entry.Identifier;
import dev.ermine.fhir.Pointer;
import dev.ermine.policy.ConsentReferences.Found;
import dev.ermine.policy.ConsentReferences.Origin;
import dev.ermine.policy.Criterion.Settled;
import dev.ermine.region.Organisation;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/**
 * The criteria of whom a provision concerns.
 *
 * <p>FHIR has repeats of one element mean any of them, and puts into this one both whose
 * information it is (custodian, author) and who receives it. A denial is read so. A permission that
 * names a custodian <em>and</em> a recipient, such as FHIR's own example {@code grantor}, would
 * permit the custodian's information to everyone and everything to that recipient; it takes one of
 * each part that it names.
 *
 * @see <a href="https://hl7.org/fhir/R4/consent-definitions.html#Consent.provision.actor">FHIR R4:
 *     Consent.provision.actor</a>
 */
final class ActorCriteria {

  private static final String PARTICIPATIONS =
      "http://terminology.hl7.org/CodeSystem/v3-ParticipationType";

  private static final Set<String> RECIPIENTS =
      Set.of("IRCP", "NOT", "PRCP", "REFB", "REFT", "TRC");
  private static final Set<String> AUTHORS =
      Set.of("AUT", "ENT", "INF", "PPRF", "PRF", "SPRF", "TRANS");

  /** As what an actor is named. */
  private enum Part {
    CUSTODIAN,
    AUTHOR,
    RECIPIENT,
    UNKNOWN
  }

  private final ConsentCase situation;
  private final Consent consent;
  private final Origin origin;
  private final Recipients recipients;
  private final DataCriteria data;

  ActorCriteria(ConsentCase situation, Consent consent, Origin origin, DataCriteria data) {
    this.situation = situation;
    this.consent = consent;
    this.origin = origin;
    this.data = data;
    recipients = new Recipients(situation, consent, origin);
  }

  List<Criterion> of(List<Actor> actors, ProvisionType type) {
    Map<Part, List<Criterion>> parts = new EnumMap<>(Part.class);
    for (Actor actor : actors) {
      Part part = part(actor);
      parts
          .computeIfAbsent(type == ProvisionType.DENY ? Part.UNKNOWN : part, _ -> new ArrayList<>())
          .add(criterion(actor, part));
    }
    return parts.values().stream().map(Criterion::any).toList();
  }

  private static Part part(Actor actor) {
    Set<Part> parts = new HashSet<>();
    for (Coding role : actor.role().codings()) {
      if (isJob(role)) {
        parts.add(Part.RECIPIENT);
      } else if (role.system().equals(PARTICIPATIONS)) {
        parts.add(participation(role.code()));
      }
    }
    return parts.size() == 1 ? parts.iterator().next() : Part.UNKNOWN;
  }

  private static Part participation(String code) {
    if (code.equals("CST")) {
      return Part.CUSTODIAN;
    }
    if (RECIPIENTS.contains(code)) {
      return Part.RECIPIENT;
    }
    return AUTHORS.contains(code) ? Part.AUTHOR : Part.UNKNOWN;
  }

  private Criterion criterion(Actor actor, Part part) {
    return switch (part) {
      case CUSTODIAN ->
          new Settled(custodian(actor.who()), "the information is the named custodian's");
      case AUTHOR ->
          actor
              .who()
              .map(data::authoredBy)
              .orElseGet(() -> new Settled(Truth.UNKNOWN, "its author is one who is not named"));
      case RECIPIENT ->
          new Settled(recipient(actor), "whoever asks is the named recipient" + inRole(actor));
      case UNKNOWN -> new Settled(Truth.UNKNOWN, "it concerns someone in a role that is not known");
    };
  }

  private static String inRole(Actor actor) {
    return actor.role().codings().stream().anyMatch(ActorCriteria::isJob) ? ", in that role" : "";
  }

  /** In one of the roles named, if any; and the one who is named, if anyone is. */
  private Truth recipient(Actor actor) {
    List<Coding> jobs = actor.role().codings().stream().filter(ActorCriteria::isJob).toList();
    Truth job =
        Truth.of(jobs.isEmpty() || jobs.stream().anyMatch(situation.requester().roles()::contains));
    if (actor.who().isEmpty()) {
      return jobs.isEmpty() ? Truth.UNKNOWN : job;
    }
    return job.and(recipients.include(actor.who().get()));
  }

  private static boolean isJob(Coding role) {
    return role.system().equals(AgreementRules.ROLES);
  }

  /** The holder is the custodian of its record: as who keeps the Consent, or by its ODS code. */
  private Truth custodian(Optional<Pointer> who) {
    boolean holder =
        who.filter(
                named ->
                    consent.organizations().stream().anyMatch(own -> isSame(named, own))
                        || isHolder(named))
            .isPresent();
    return holder ? Truth.TRUE : Truth.UNKNOWN;
  }

  private boolean isSame(Pointer one, Pointer other) {
    String address = situation.references().address(one, origin);
    boolean literal =
        !address.isEmpty() && address.equals(situation.references().address(other, origin));
    boolean contained =
        one.literal().filter(text -> text.startsWith("#")).isPresent()
            && one.literal().equals(other.literal());
    boolean logical =
        one.logical().isPresent()
            && other.logical().isPresent()
            && one.logical().get().system().equals(other.logical().get().system())
            && one.logical().get().value().equals(other.logical().get().value());
    return literal || contained || logical;
  }

  private boolean isHolder(Pointer named) {
    List<Identifier> identifiers = new ArrayList<>();
    named.logical().ifPresent(identifiers::add);
    Optional<Found> found = situation.references().party(named, origin);
    found.ifPresent(it -> identifiers.addAll(it.party().identifiers()));
    String ods = situation.holder().organisation().ods();
    return identifiers.stream()
        .anyMatch(
            each ->
                each.system().equals(Optional.of(Organisation.SYSTEM))
                    && each.value().equals(Optional.of(ods)));
  }
}
