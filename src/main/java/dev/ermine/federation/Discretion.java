package dev.ermine.federation;

import dev.ermine.federation.PeerQuestion.Consulting;
import dev.ermine.fhir.NhsNumber;
import dev.ermine.fhir.ResultParameters;
import dev.ermine.merge.HeldConsents;
import dev.ermine.merge.PeerAnswer;
import dev.ermine.merge.RestrictedPatient;
import dev.ermine.merge.Sought;
import dev.ermine.merge.origin.Controllers;
import dev.ermine.merge.origin.OriginTerms;
import dev.ermine.merge.origin.Origins;
import dev.ermine.merge.origin.RelayedPolicy;
import dev.ermine.policy.AgreementRules;
import dev.ermine.policy.ConsentRules;
import dev.ermine.policy.Consents;
import dev.ermine.policy.EntryPolicy;
import dev.ermine.policy.EntryRules;
import dev.ermine.policy.LabelRules;
import dev.ermine.policy.OptOuts;
import dev.ermine.policy.RegionDecision;
import dev.ermine.policy.Release;
import dev.ermine.policy.Standing;
import dev.ermine.region.Agreement;
import dev.ermine.region.ConsentSource;
import dev.ermine.region.Region;
import dev.ermine.region.RegionId;
import dev.ermine.region.Regions;
import dev.ermine.trust.Requester;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
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
  private final AgreementRules agreed;
  private final Regions regions;
  private final LabelRules labels;
  private final Controllers controllers;
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
    this.agreed = agreed;
    this.regions = agreed.regions();
    this.labels = agreed.labels();
    this.controllers = new Controllers(agreed.regions());
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
                  release,
                  release.relayed()
                      ? ConsentRules.ofRelayed(held, release.region(), asker, requester, at)
                      : ConsentRules.of(held, release.region(), asker, requester, at),
                  askers);
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
    return decisions(asker());
  }

  /** What a region is asked of its patients' decisions alone. */
  private Optional<PeerQuestion> decisions(Region region) {
    return region
        .consents()
        .flatMap(
            _ ->
                region
                    .register()
                    .<PeerQuestion>map(this::consents)
                    .or(() -> mayBeAsked(region).map(this::recorded)));
  }

  /** A gateway that the question came through would ask here again. */
  private Optional<Region> mayBeAsked(Region region) {
    return Optional.of(region)
        .filter(it -> it.answers().isPresent() && !call.requester().cameThrough(it));
  }

  /** Who the patient is, is asked where the asker's own token does not say it. */
  Optional<PeerQuestion> demographics() {
    return regions
        .demographics()
        .filter(_ -> Sought.by(call.requester(), patient).reference().isEmpty())
        .map(service -> new PeerQuestion.Demographics(service, regions.gateway(), call, patient));
  }

  private PeerQuestion.Consents consents(Region register) {
    return new PeerQuestion.Consents(register, regions.gateway(), call, patient);
  }

  private PeerQuestion recorded(Region region) {
    return new PeerQuestion.Search(
        region,
        regions.gateway(),
        call,
        patient,
        List.of(),
        List.of(),
        ResultParameters.NONE,
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

    /**
     * What of a region's answer may be known, where that decision is on all its types.
     *
     * @param now the snapshot at this moment: trust in where an entry comes from may have ended
     */
    Ruled ruled(RegionDecision decision, Regions now) {
      Release release = release(decision, sought);
      PeerAnswer answer = answer(release.region());
      PeerAnswer known = hides(release) ? RestrictedPatient.hidden(answer) : answer;
      EntryPolicy policy = policy(release, known);
      Origins origins =
          known instanceof PeerAnswer.Answered answered
              ? Origins.of(controllers, release.region(), answered.entries())
              : Origins.OWN;
      return new Ruled(
          known,
          origins.areOwn() ? policy : relayed(policy, origins, now),
          release.notices(),
          origins);
    }

    private EntryPolicy policy(Release release, PeerAnswer known) {
      EntryPolicy policy = releasing.of(release, held(release.region(), known));
      return isOpen(policy) && wasStopped(release.region(), known)
          ? releasing.of(release, new Consents.Unknown())
          : policy;
    }

    /**
     * What is to be asked besides, before it is known what patients decided where relayed entries
     * come from: of each origin that may be asked, and has not been.
     */
    List<PeerQuestion> further(Origins origins, Regions now) {
      return origins.claimed().stream()
          .filter(origin -> said(origin).isEmpty())
          .filter(origin -> !origin.id().equals(call.requester().region()))
          .filter(origin -> now.region(origin.id()).filter(Region::active).isPresent())
          .filter(origin -> !standing(origin).permitted().isEmpty())
          .flatMap(origin -> decisions(origin).stream())
          .toList();
    }

    private PeerAnswer answer(Region region) {
      return said(region).map(Fanout.Timed::answer).orElse(UNHEARD);
    }

    private Optional<Fanout.Timed> said(Region region) {
      return Optional.ofNullable(regions.get(region.id()));
    }

    private boolean hides(Release release) {
      return restricted && !release.releasesRestrictedPatients();
    }

    private Consents held(Region region, PeerAnswer answer) {
      return Discretion.this.held(
          sought, region, answer, said(region).flatMap(Fanout.Timed::register));
    }

    private EntryPolicy relayed(EntryPolicy relay, Origins origins, Regions now) {
      Map<RegionId, OriginTerms> terms = new HashMap<>();
      for (Region origin : origins.claimed()) {
        if (now.region(origin.id()).filter(it -> !it.suspended()).isPresent()) {
          terms(origin).ifPresent(theirs -> terms.put(origin.id(), theirs));
        }
      }
      return new RelayedPolicy(relay, origins, call.requester().region(), terms);
    }

    /**
     * What an origin's own agreements and the patient's word there let the asker have. Where it
     * keeps Consents and was not asked, it is not known what the patient decided.
     */
    private Optional<OriginTerms> terms(Region origin) {
      Standing standing = standing(origin);
      Release release = release(standing.decide(List.copyOf(standing.permitted())), sought);
      return hides(release)
          ? Optional.empty()
          : Optional.of(
              new OriginTerms(
                  standing.permitted(),
                  releasing.of(release.ofRelayed(), held(origin, answer(origin)))));
    }
  }

  /** How the rules stand to the asker between its region and that one. */
  Standing standing(Region region) {
    return agreed.standing(call.requester(), at, optOuts.inForce(at)).apply(region);
  }

  /**
   * An answer, what decides over its entries, and what is said of its region in any case.
   *
   * @param origins whose record the entries come from
   */
  record Ruled(PeerAnswer answer, EntryPolicy policy, List<String> notices, Origins origins) {
    Ruled {
      notices = List.copyOf(notices);
    }
  }
}
