package dev.ermine.federation;

import dev.ermine.federation.PeerQuestion.Consulting;
import dev.ermine.fhir.NhsNumber;
import dev.ermine.merge.HeldConsents;
import dev.ermine.merge.PeerAnswer;
import dev.ermine.merge.RestrictedPatient;
import dev.ermine.merge.Sought;
import dev.ermine.policy.AgreementRules;
import dev.ermine.policy.ConsentRules;
import dev.ermine.policy.Consents;
import dev.ermine.policy.EntryPolicy;
import dev.ermine.policy.EntryRules;
import dev.ermine.policy.LabelRules;
import dev.ermine.policy.OptOuts;
import dev.ermine.policy.RegionDecision;
import dev.ermine.policy.Release;
import dev.ermine.region.Agreement;
import dev.ermine.region.ConsentSource;
import dev.ermine.region.Region;
import dev.ermine.region.RegionId;
import dev.ermine.region.Regions;
import dev.ermine.trust.Requester;
import java.time.Instant;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Predicate;

/**
 * What decides over the entries of one query: the terms of agreements, the Consents that each
 * region holds of the patient, and those that the asker's own region holds.
 */
final class Discretion {

  private static final PeerAnswer UNHEARD = new PeerAnswer.Missed(new PeerAnswer.Miss.TimedOut());

  private final Rules rules;
  private final String base;
  private final Regions regions;
  private final LabelRules labels;
  private final OptOuts optOuts;
  private final Call call;
  private final NhsNumber patient;
  private final Instant at;

  /**
   * @param base the gateway's base URL, without trailing slash
   * @param agreed the rules of the version that the query sees
   * @param optOuts who has opted out of uses beyond their care
   */
  Discretion(
      Rules rules,
      String base,
      AgreementRules agreed,
      OptOuts optOuts,
      Call call,
      NhsNumber patient,
      Instant at) {
    this.rules = rules;
    this.base = base;
    this.regions = agreed.regions();
    this.labels = agreed.labels();
    this.optOuts = optOuts;
    this.call = call;
    this.patient = patient;
    this.at = at;
  }

  /** The rules that entries are put to. */
  @FunctionalInterface
  interface Rules {

    /** Consents, labels and law. */
    Rules ALL =
        (asker, requester, recorded, at) -> {
          ConsentRules askers = ConsentRules.of(recorded, asker, asker, requester, at);
          return (release, held) ->
              EntryRules.of(
                  release, ConsentRules.of(held, release.region(), asker, requester, at), askers);
        };

    /** Those of a query, once it is known what the asker's own region has recorded. */
    Releasing asking(Region asker, Requester requester, Consents recorded, Instant at);

    /** Those of each region, once it is known what it holds. */
    @FunctionalInterface
    interface Releasing {
      EntryPolicy of(Release release, Consents held);
    }
  }

  /** What agreements let the asker have of a region, where that decision is on all types. */
  Release release(RegionDecision decision) {
    return release(decision, Sought.byNumber(patient));
  }

  private Release release(RegionDecision decision, Sought sought) {
    Map<String, List<Agreement>> permits = new LinkedHashMap<>();
    for (String type : decision.permitted()) {
      List<String> ids = decision.rules(type);
      permits.put(
          type,
          regions.agreements().stream().filter(agreement -> ids.contains(agreement.id())).toList());
    }
    return new Release(
        decision.region(),
        call.requester(),
        permits,
        labels,
        at,
        sought.numbers().stream()
            .anyMatch(number -> optOuts.withhold(call.requester(), number, at)));
  }

  /** How the Consents of a region are asked for with its record. */
  Consulting consulting(Release release) {
    Region region = release.region();
    return region
        .consents()
        .<Consulting>map(
            source -> {
              Optional<Predicate<PeerAnswer.Answered>> ahead =
                  source.order() == ConsentSource.Order.ASK_FIRST
                      ? Optional.of(known -> mayGoOn(release, known))
                      : Optional.empty();
              return region
                  .register()
                  .<Consulting>map(register -> new Consulting.InRegister(consents(register), ahead))
                  .orElseGet(() -> new Consulting.InRecord(ahead));
            })
        .orElseGet(Consulting.Nowhere::new);
  }

  /** Entries that could not be disclosed in any case are not asked for. */
  private boolean mayGoOn(Release release, PeerAnswer.Answered known) {
    EntryPolicy policy =
        releasing(Consents.NONE)
            .of(
                release,
                held(
                    Sought.by(call.requester(), patient),
                    release.region(),
                    known,
                    Optional.of(known)));
    return isOpen(policy);
  }

  private static boolean isOpen(EntryPolicy policy) {
    return !policy.undecided() && policy.withholdAll().isEmpty();
  }

  /**
   * Whether the region's Consents have kept its entries from being asked for. That they would not,
   * now that it is known who the patient is, does not bring these entries.
   */
  private static boolean wasStopped(Region region, PeerAnswer answer) {
    return answer instanceof PeerAnswer.Answered answered
        && answered.types().isEmpty()
        && region.consents().filter(it -> it.order() == ConsentSource.Order.ASK_FIRST).isPresent();
  }

  /** What is asked beside the regions whose entries are. */
  Fanout.Beside beside() {
    return new Fanout.Beside(ofAsker(), demographics());
  }

  /** What the asker's own region is asked; nothing where no Consents of its patients are kept. */
  private Optional<PeerQuestion> ofAsker() {
    return asker()
        .consents()
        .flatMap(
            _ ->
                asker()
                    .register()
                    .<PeerQuestion>map(this::consents)
                    .or(() -> asker().answers().map(_ -> recorded(asker()))));
  }

  /** Who the patient is, is asked where the asker's own token does not say it. */
  Optional<PeerQuestion> demographics() {
    return regions
        .demographics()
        .filter(_ -> Sought.by(call.requester(), patient).reference().isEmpty())
        .map(
            service ->
                new PeerQuestion.Demographics(
                    service,
                    regions.gateway(),
                    call.requester(),
                    patient,
                    call.id(),
                    call.trace()));
  }

  private PeerQuestion.Consents consents(Region register) {
    return new PeerQuestion.Consents(
        register, regions.gateway(), call.requester(), patient, call.id(), call.trace());
  }

  private PeerQuestion recorded(Region region) {
    return new PeerQuestion.Search(
        region,
        regions.gateway(),
        call.requester(),
        patient,
        call.id(),
        call.trace(),
        List.of(),
        List.of(),
        List.of(),
        new Consulting.InRecord(Optional.empty()));
  }

  /** What is decided once all have been heard. */
  Heard heard(Fanout.Answers answers) {
    Map<RegionId, Fanout.Timed> regions = new LinkedHashMap<>();
    List<PeerAnswer> all = new ArrayList<>();
    for (Fanout.Timed timed : answers.regions()) {
      regions.put(timed.question().region().id(), timed);
      all.add(timed.answer());
      timed.register().ifPresent(all::add);
    }
    answers.asker().ifPresent(all::add);
    answers.demographics().ifPresent(all::add);
    Sought sought =
        answers
            .demographics()
            .map(said -> Sought.byDemographics(said, patient))
            .orElseGet(() -> Sought.by(call.requester(), patient));
    return new Heard(
        regions, releasing(recorded(sought, answers.asker())), sought, RestrictedPatient.isIn(all));
  }

  private Consents recorded(Sought sought, Optional<PeerAnswer> asker) {
    if (asker().consents().isEmpty()) {
      return Consents.NONE;
    }
    return asker
        .map(answer -> held(sought, asker(), answer, Optional.of(answer)))
        .orElseGet(Consents.Unknown::new);
  }

  private Rules.Releasing releasing(Consents askers) {
    return rules.asking(asker(), call.requester(), askers, at);
  }

  private Region asker() {
    return regions.region(call.requester().region()).orElseThrow();
  }

  /** What the patient decided may be recorded under a number that was not asked for. */
  private Consents held(
      Sought sought, Region region, PeerAnswer record, Optional<PeerAnswer> register) {
    if (region.consents().isEmpty()) {
      return Consents.NONE;
    }
    if (!sought.superseded().isEmpty()) {
      return new Consents.Unknown();
    }
    return region
        .register()
        .map(
            asked ->
                register
                    .map(said -> HeldConsents.inRegister(sought, asked, base, said))
                    .orElseGet(Consents.Unknown::new))
        .orElseGet(() -> HeldConsents.inRecord(sought, region, base, record));
  }

  /** What was heard, and what follows from it for every region. */
  final class Heard {

    private final Map<RegionId, Fanout.Timed> regions;
    private final Rules.Releasing releasing;
    private final Sought sought;
    private final boolean restricted;

    private Heard(
        Map<RegionId, Fanout.Timed> regions,
        Rules.Releasing releasing,
        Sought sought,
        boolean restricted) {
      this.regions = regions;
      this.releasing = releasing;
      this.sought = sought;
      this.restricted = restricted;
    }

    /** The patient asked about, as far as it is known who that is. */
    Sought sought() {
      return sought;
    }

    /** What of a region's answer may be known, where that decision is on all its types. */
    Ruled ruled(RegionDecision decision) {
      Release release = release(decision, sought);
      Optional<Fanout.Timed> said = Optional.ofNullable(regions.get(release.region().id()));
      PeerAnswer answer = said.map(Fanout.Timed::answer).orElse(UNHEARD);
      PeerAnswer known =
          restricted && !release.releasesRestrictedPatients()
              ? RestrictedPatient.hidden(answer)
              : answer;
      Consents held = held(sought, release.region(), known, said.flatMap(Fanout.Timed::register));
      EntryPolicy policy = releasing.of(release, held);
      return new Ruled(
          known,
          isOpen(policy) && wasStopped(release.region(), known)
              ? releasing.of(release, new Consents.Unknown())
              : policy,
          release.notices());
    }
  }

  /** An answer, what decides over its entries, and what is said of its region in any case. */
  record Ruled(PeerAnswer answer, EntryPolicy policy, List<String> notices) {
    Ruled {
      notices = List.copyOf(notices);
    }
  }
}
