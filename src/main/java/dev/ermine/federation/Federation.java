package dev.ermine.federation;

import dev.ermine.audit.AuditRecord;
import dev.ermine.audit.AuditTrail;
import dev.ermine.federation.FederatedAnswer.Unanswered;
import dev.ermine.fhir.Demographics;
import dev.ermine.fhir.FhirQuery;
import dev.ermine.fhir.Gather;
import dev.ermine.fhir.NhsNumber;
import dev.ermine.merge.Merge;
import dev.ermine.merge.Merged;
import dev.ermine.merge.Page;
import dev.ermine.merge.Sought;
import dev.ermine.merge.summary.Narrative;
import dev.ermine.merge.summary.SummaryQuery;
import dev.ermine.policy.AgreementRules;
import dev.ermine.policy.OptOuts;
import dev.ermine.region.Organisation;
import dev.ermine.region.Region;
import dev.ermine.region.RegionId;
import dev.ermine.region.Regions;
import dev.ermine.trust.PageTokens;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.Function;
import java.util.function.Supplier;
import java.util.stream.Stream;

/**
 * The spine: who may be asked, ask them, keep what may be shared, merge, account, audit.
 *
 * <p>One query sees one version of {@code regions.yaml}, but no answer leaves on trust that has
 * ended meanwhile.
 */
public final class Federation {

  private static final Duration TIMING_STEP = Duration.ofMillis(50);

  private final Supplier<Regions> live;
  private final Supplier<OptOuts> optOuts;
  private final Function<Regions, AgreementRules> rules = AgreementRules.ofLatest();
  private final Fanout fanout;
  private final Merge merge;
  private final String gateway;
  private final Discretion.Rules entryRules;
  private final RecordReader reader;
  private final AuditTrail audit;
  private final InstantSource clock;
  private final Quality quality;
  private final PageLinks links;

  /**
   * @param live the version of {@code regions.yaml} in force
   * @param optOuts who has opted out of uses beyond their care, as far as it is known now
   * @param gateway the gateway's base URL, without trailing slash
   * @param quality where it is counted what regions get wrong
   * @param tokens by which askers go on from page to page
   */
  public Federation(
      Supplier<Regions> live,
      Supplier<OptOuts> optOuts,
      Peer peer,
      AuditTrail audit,
      String gateway,
      InstantSource clock,
      Quality quality,
      PageTokens tokens) {
    this(live, optOuts, peer, audit, gateway, clock, quality, tokens, Discretion.Rules.ALL);
  }

  Federation(
      Supplier<Regions> live,
      Supplier<OptOuts> optOuts,
      Peer peer,
      AuditTrail audit,
      String gateway,
      InstantSource clock,
      Quality quality,
      PageTokens tokens,
      Discretion.Rules entryRules) {
    this.live = live;
    this.optOuts = optOuts;
    this.fanout = new Fanout(peer);
    this.merge = new Merge(gateway);
    this.gateway = gateway;
    this.entryRules = entryRules;
    this.reader = new RecordReader(live, optOuts, rules, entryRules, fanout, audit, gateway, clock);
    this.audit = audit;
    this.clock = clock;
    this.quality = quality;
    this.links = new PageLinks(tokens, gateway);
  }

  /** Answers a search over all regions: its first page, where it is to come on several. */
  public FederatedAnswer search(Call call, FhirQuery query, Wishes wishes) {
    return answer(call, Progress.first(query, wishes), live.get(), Merged::bundle);
  }

  /**
   * Answers with a summary of one patient over all regions: a search for what it takes, written as
   * a document.
   *
   * @param narrative how its sections are written for people
   */
  public FederatedAnswer summary(Call call, NhsNumber patient, Wishes wishes, Narrative narrative) {
    // Who the patient is, is said in the asker's own words: demographics asked elsewhere are for
    // the matching alone.
    Optional<Demographics> reference = Sought.by(call.requester(), patient).reference();
    Regions regions = live.get();
    Organisation author = regions.gateway().organisation();
    return answer(
        call,
        Progress.first(SummaryQuery.of(patient), wishes),
        regions,
        merged -> merged.summary(reference, author, narrative));
  }

  /**
   * Goes on where a link of an earlier answer leads.
   *
   * @param token the link's
   * @param deadline {@code Ermine-Deadline}: all other wishes are those of the first request
   */
  public FederatedAnswer goOn(Call call, String token, Optional<Duration> deadline) {
    Regions regions = live.get();
    return switch (links.open(token, call.requester(), regions, clock.instant())) {
      case PageLinks.Opened.Closed(var refusal) ->
          refused(refusal, call, "search", List.of(), regions.hash());
      case PageLinks.Opened.Onward(Progress progress) ->
          answer(call, progress.by(token, deadline), regions, Merged::bundle);
    };
  }

  private FederatedAnswer answer(
      Call call, Progress progress, Regions regions, Function<Merged, Gather> form) {
    FhirQuery query = progress.query();
    Wishes wishes = progress.wishes();
    Deadline deadline = Verdict.deadline(regions, wishes, call.requester());
    Instant at = clock.instant();
    Optional<Unanswered> refusal =
        Admission.of(call.requester(), query.patient(), wishes, regions)
            .or(() -> links.refusal(progress, call.requester(), regions, at));
    if (refusal.isPresent()) {
      return refused(refusal.get(), call, "search", query.types(), regions.hash());
    }
    AgreementRules agreed = rules.apply(regions);
    OptOuts known = optOuts.get();
    Plan plan =
        Plan.of(agreed, call.requester(), query.types(), wishes, at, known.inForce(at))
            .after(progress);
    Discretion discretion =
        new Discretion(entryRules, gateway, agreed, known, call, query.patient(), at);
    if (plan.asksNobody()) {
      return refused(
          Verdict.nobodyAsked(
              merged(call, query, plan, discretion.heard(Fanout.Answers.NONE), regions), plan),
          call,
          "search",
          query.types(),
          regions.hash());
    }
    AuditRecord.Query audited = audited(call, query, regions);
    audit.intend(
        new AuditRecord.Intent(
            clock.instant(),
            audited,
            plan.askedRules(),
            plan.leftRules(),
            discretion.demographics().isPresent()));
    if (call.requester().breaksGlass()) {
      audit.override(new AuditRecord.GlassBroken(clock.instant(), audited, plan.askedRules()));
    }
    Fanout.Answers answers =
        fanout.ask(plan.searches(regions, call, query, discretion), discretion.beside(), deadline);
    Merged whole = merged(call, query, plan, discretion.heard(answers), live.get());
    Merged page = page(call, progress, wishes.duplicates().in(whole), regions);
    FederatedAnswer answer =
        Verdict.of(page, plan, wishes, timings(call, regions, answers.regions()), form);
    audit.record(outcome(audited, page, answer));
    quality.add(whole.census());
    return lastLook(call, page, answer);
  }

  /** What is shown now of the whole, with links to what is not. */
  private Merged page(Call call, Progress progress, Merged whole, Regions regions) {
    Merged compared = progress.compared(whole);
    Page page = compared.page(progress.cut());
    return page.merged()
        .linked(links.of(progress, page, compared, call.requester(), regions, clock.instant()));
  }

  /** Answers a read of one region's resource or document, as the region sends it. */
  public FederatedAnswer read(
      Call call, NhsNumber patient, RegionId region, String type, String id) {
    return read(
        call,
        patient,
        region,
        type.equals("Binary")
            ? new ReadItem.Binary(id, DocumentWish.AS_IT_IS)
            : new ReadItem.Resource(type, id));
  }

  /**
   * Answers a read of something of one region's. A document that it answers with is to be ended.
   */
  public FederatedAnswer read(Call call, NhsNumber patient, RegionId region, ReadItem item) {
    Regions regions = live.get();
    FederatedAnswer answer =
        Admission.of(call.requester(), patient, Wishes.NONE, regions)
            .<FederatedAnswer>map(refusal -> refusal)
            .orElseGet(() -> reader.read(new Round.Read(call, patient, region, item), regions));
    return answer instanceof Unanswered refusal && refusal.failure().status() == 403
        ? refused(refusal, call, "read", List.of(item.type()), regions.hash())
        : answer;
  }

  private FederatedAnswer refused(
      Unanswered refusal, Call call, String interaction, List<String> types, String trustHash) {
    audit.refuse(
        new AuditRecord.Refusal(
            clock.instant(),
            call.id(),
            call.client(),
            refusal.failure().name(),
            refusal.failure().status(),
            Optional.of(call.requester().sender()),
            Optional.of(call.requester()),
            interaction,
            types,
            trustHash));
    return refusal;
  }

  private static AuditRecord.Query audited(Call call, FhirQuery query, Regions regions) {
    return new AuditRecord.Query(
        call.id(),
        call.client(),
        call.requester(),
        query.patient(),
        query.system()
            ? AuditRecord.Interaction.SEARCH_SYSTEM
            : AuditRecord.Interaction.SEARCH_TYPE,
        query.question(),
        query.types(),
        regions.hash());
  }

  private Merged merged(
      Call call, FhirQuery query, Plan plan, Discretion.Heard heard, Regions now) {
    return merge.merge(
        query, heard.sought(), plan.contributions(query, heard, now), call.id(), clock.instant());
  }

  private AuditRecord.Outcome outcome(
      AuditRecord.Query query, Merged merged, FederatedAnswer answer) {
    Map<RegionId, String> statuses = new LinkedHashMap<>();
    merged.statuses().forEach((region, status) -> statuses.put(region, status.code()));
    return answer instanceof Unanswered unanswered
        ? new AuditRecord.Outcome(
            clock.instant(), query, unanswered.failure().status(), statuses, List.of())
        : new AuditRecord.Outcome(
            clock.instant(),
            query,
            200,
            statuses,
            merged.released(),
            merged.released().isEmpty() ? Set.of() : merged.origins());
  }

  /** How long regions took is told only to askers that may know, and never to the millisecond. */
  private static List<FederatedAnswer.Timing> timings(
      Call call, Regions regions, List<Fanout.Timed> answers) {
    boolean told =
        Stream.of(call.requester().region(), call.requester().sender())
            .allMatch(id -> timings(regions, id));
    return told ? answers.stream().map(Federation::timing).toList() : List.of();
  }

  private static boolean timings(Regions regions, RegionId asker) {
    return regions.region(asker).flatMap(Region::asks).filter(Region.Asks::timings).isPresent();
  }

  private static FederatedAnswer.Timing timing(Fanout.Timed timed) {
    long steps = Math.ceilDiv(timed.took().toMillis(), TIMING_STEP.toMillis());
    return new FederatedAnswer.Timing(
        timed.question().region().id().value(), TIMING_STEP.multipliedBy(steps));
  }

  /** Nothing leaves on trust that has ended while the query was under way. */
  private FederatedAnswer lastLook(Call call, Merged merged, FederatedAnswer answer) {
    Regions now = live.get();
    boolean askerStands = LastLook.stands(call.requester(), now, clock.instant());
    boolean regionsStand =
        merged.contributors().stream()
            .allMatch(id -> now.region(id).filter(Region::mayAnswer).isPresent());
    boolean originsStand = LastLook.originsStand(merged.origins(), now);
    return askerStands && regionsStand && originsStand ? answer : LastLook.CHANGED;
  }
}
