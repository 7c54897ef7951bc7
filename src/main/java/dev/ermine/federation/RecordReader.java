package dev.ermine.federation;

import dev.ermine.audit.AuditRecord;
import dev.ermine.audit.AuditTrail;
import dev.ermine.federation.FederatedAnswer.Failure;
import dev.ermine.federation.FederatedAnswer.Found;
import dev.ermine.federation.FederatedAnswer.FoundDocument;
import dev.ermine.federation.FederatedAnswer.NotFound;
import dev.ermine.federation.FederatedAnswer.Unanswered;
import dev.ermine.federation.Round.Read;
import dev.ermine.fhir.Issue;
import dev.ermine.fhir.Parameter;
import dev.ermine.merge.Status;
import dev.ermine.policy.AgreementRules;
import dev.ermine.policy.OptOuts;
import dev.ermine.policy.RegionDecision;
import dev.ermine.region.Region;
import dev.ermine.region.RegionId;
import dev.ermine.region.Regions;
import java.time.Instant;
import java.time.InstantSource;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.Function;
import java.util.function.Supplier;

/**
 * Reads of one region's resource or document. Not there, another patient's and withheld are the
 * same {@link NotFound}.
 *
 * @see <a href="https://hl7.org/fhir/R4/http.html#read">FHIR R4: read</a>
 */
final class RecordReader {

  /** The types whose entries cannot be judged without what they list: only a search includes it. */
  private static final List<String> LISTING = List.of("List", "Composition");

  private final Supplier<Regions> live;
  private final Supplier<OptOuts> optOuts;
  private final Function<Regions, AgreementRules> rules;
  private final Discretion.Rules entryRules;
  private final ReadDisclosure disclosures;
  private final DocumentReader documents;
  private final AuditTrail audit;
  private final String gateway;
  private final InstantSource clock;

  RecordReader(
      Supplier<Regions> live,
      Supplier<OptOuts> optOuts,
      Function<Regions, AgreementRules> rules,
      Discretion.Rules entryRules,
      Fanout fanout,
      AuditTrail audit,
      String gateway,
      InstantSource clock) {
    this.live = live;
    this.optOuts = optOuts;
    this.rules = rules;
    this.entryRules = entryRules;
    this.disclosures = new ReadDisclosure(live, fanout, audit, gateway, clock);
    this.documents = new DocumentReader(disclosures, fanout);
    this.audit = audit;
    this.gateway = gateway;
    this.clock = clock;
  }

  FederatedAnswer read(Read read, Regions regions) {
    Optional<Region> region =
        regions.peersOf(read.requester().region()).stream()
            .filter(peer -> peer.id().equals(read.region()))
            .filter(peer -> !read.requester().cameThrough(peer))
            .findFirst();
    if (region.isEmpty()) {
      return new NotFound();
    }
    RegionDecision decision = decide(read, region.get(), regions);
    if (!decision.permitted().contains(read.type())) {
      return Unanswered.because(
          Failure.NO_AGREEMENT, Issue.Code.FORBIDDEN, "no data sharing agreement covers this read");
    }
    if (!region.get().active()) {
      return Unanswered.because(
          Failure.SUSPENDED, Issue.Code.TRANSIENT, "trust in the region is suspended");
    }
    AuditRecord.Query audited = audited(read, regions);
    Map<RegionId, List<String>> asked = Map.of(read.region(), decision.rules(read.type()));
    Discretion discretion = discretion(read, regions);
    boolean identified = discretion.demographics().isPresent();
    audit.intend(new AuditRecord.Intent(clock.instant(), audited, asked, Map.of(), identified));
    if (read.requester().breaksGlass()) {
      audit.override(new AuditRecord.GlassBroken(clock.instant(), audited, asked));
    }
    FederatedAnswer answer = ask(read, region.get(), decision, regions, discretion);
    boolean leaves = false;
    try {
      audit.record(outcome(read, audited, answer));
      leaves = stands(read, region.get(), answer);
    } finally {
      if (!leaves) {
        answer.abandon();
      }
    }
    return leaves ? answer : LastLook.CHANGED;
  }

  private boolean stands(Read read, Region region, FederatedAnswer answer) {
    Regions now = live.get();
    return LastLook.stands(read.requester(), region, now, clock.instant())
        && LastLook.originsStand(answer.origins(), now);
  }

  /** Everything that may be had of the region, for a document's pointers are of other types. */
  private RegionDecision decide(Read read, Region region, Regions regions) {
    LinkedHashSet<String> types = new LinkedHashSet<>(region.answers().orElseThrow().types());
    types.add(read.type());
    Instant at = clock.instant();
    return rules
        .apply(regions)
        .standing(read.requester(), at, optOuts.get().inForce(at))
        .apply(region)
        .decide(List.copyOf(types));
  }

  private Discretion discretion(Read read, Regions regions) {
    return new Discretion(
        entryRules,
        gateway,
        rules.apply(regions),
        optOuts.get(),
        read.call(),
        read.patient(),
        clock.instant());
  }

  private FederatedAnswer ask(
      Read read, Region region, RegionDecision decision, Regions regions, Discretion discretion) {
    Deadline deadline = Verdict.deadline(regions, Wishes.NONE, read.requester());
    Round round = new Round(read, region, decision, regions, discretion, deadline);
    return switch (read.item()) {
      case ReadItem.Resource resource -> resource(round, resource);
      case ReadItem.Binary binary -> documents.binary(round, binary);
      case ReadItem.Attachment attachment -> documents.attachment(round, attachment);
    };
  }

  private FederatedAnswer resource(Round round, ReadItem.Resource resource) {
    PeerQuestion question =
        LISTING.contains(resource.type())
            ? round.search(List.of(resource.type()), List.of(new Parameter("_id", resource.id())))
            : round.question(resource);
    return disclosures.disclosed(
        round,
        question,
        List.of(resource.type()),
        (disclosure, answered) ->
            ReadDisclosure.firstMiss(answered)
                .<FederatedAnswer>map(ReadDisclosure::missed)
                .orElseGet(
                    () ->
                        disclosure
                            .resource(resource.type(), resource.id())
                            .map(round::found)
                            .orElseGet(NotFound::new)));
  }

  static AuditRecord.Query audited(Read read, Regions regions) {
    return new AuditRecord.Query(
        read.call().id(),
        read.call().client(),
        read.requester(),
        read.patient(),
        AuditRecord.Interaction.READ,
        read.reference(),
        List.of(read.type()),
        regions.hash());
  }

  private AuditRecord.Outcome outcome(
      Read read, AuditRecord.Query audited, FederatedAnswer answer) {
    return switch (answer) {
      case Found found -> disclosing(read, audited, 200, found.origins());
      case FoundDocument found ->
          disclosing(read, audited, found.document().extent().status(), found.origins());
      case NotFound _ -> outcome(read, audited, 404, Status.EMPTY);
      case Unanswered(Failure failure, _, _, _) ->
          outcome(read, audited, failure.status(), status(failure));
      case FederatedAnswer.View _ -> throw new IllegalStateException("a read is no search");
    };
  }

  private AuditRecord.Outcome disclosing(
      Read read, AuditRecord.Query audited, int http, Set<RegionId> origins) {
    return new AuditRecord.Outcome(
        clock.instant(),
        audited,
        http,
        Map.of(read.region(), Status.ANSWERED.code()),
        List.of(read.reference()),
        origins);
  }

  private static Status status(Failure failure) {
    return switch (failure) {
      case TIMED_OUT -> Status.TIMED_OUT;
      case CONSENT_UNKNOWN -> Status.CONSENT_UNKNOWN;
      default -> Status.FAILING;
    };
  }

  private AuditRecord.Outcome outcome(
      Read read, AuditRecord.Query audited, int http, Status status) {
    return new AuditRecord.Outcome(
        clock.instant(), audited, http, Map.of(read.region(), status.code()), List.of());
  }
}
