package dev.ermine.policy;

import dev.ermine.fhir.Compartment;
import dev.ermine.fhir.Entry;
import dev.ermine.policy.ConsentRules.Effect;
import dev.ermine.policy.ConsentRules.Ruling;
import dev.ermine.policy.EntryDecision.Disclosed;
import dev.ermine.policy.EntryDecision.Reason;
import dev.ermine.policy.EntryDecision.Withheld;
import dev.ermine.region.Agreement;
import dev.ermine.region.RegionId;
import dev.ermine.region.ReleaseTerms;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;

/**
 * All that decides whether an entry of one region may be shared: labels, the law, and the patient's
 * decision, as the region and as the asker's own region hold it.
 *
 * <p>It may when one of the agreements that permit its type lets it through all of its terms: the
 * law first, then labels, then the patient's decision. Where none does, the gravest reason is told.
 */
public final class EntryRules implements EntryPolicy {

  private static final Withheld OPTED_OUT = new Withheld(Reason.OBJECTION, "opt-out");
  private static final Withheld UNDECIDED = new Withheld(Reason.OBJECTION, "consent-unknown");
  private static final Withheld DEFAULT_DENY = new Withheld(Reason.LABEL, "default-deny");

  private final Release release;
  private final ConsentRules holders;
  private final ConsentRules askers;
  private final LabelRules labels;
  private final Map<String, List<DisclosureTerms>> terms;
  private final List<Agreement> inPlay;

  private EntryRules(Release release, ConsentRules holders, ConsentRules askers) {
    this.release = release;
    this.holders = holders;
    this.askers = askers;
    this.labels = release.labels();
    this.terms = new HashMap<>();
    Map<String, DisclosureTerms> byId = new LinkedHashMap<>();
    release.permits().forEach((type, permits) -> terms.put(type, terms(permits, byId)));
    this.inPlay = byId.values().stream().map(DisclosureTerms::agreement).toList();
  }

  private List<DisclosureTerms> terms(List<Agreement> permits, Map<String, DisclosureTerms> byId) {
    return permits.stream()
        .map(
            agreement ->
                byId.computeIfAbsent(
                    agreement.id(), _ -> new DisclosureTerms(agreement, release.requester())))
        .toList();
  }

  /**
   * The rules.
   *
   * @param holders the Consents that the releasing region holds
   * @param askers the Consents that the asking region holds: they may deny, never permit
   */
  public static EntryRules of(Release release, ConsentRules holders, ConsentRules askers) {
    return new EntryRules(release, holders, askers);
  }

  /** Whether it cannot be established what the patient decided: nothing may be disclosed. */
  @Override
  public boolean undecided() {
    return holders.undecided() || askers.undecided();
  }

  /**
   * Why nothing at all is disclosed, whatever there may be; empty: entries decide. What is in the
   * record has no say in it, nor has a label.
   */
  @Override
  public Optional<Reason> withholdAll() {
    return release.optedOut() || (asksOfPatient() && isDeniedWhole())
        ? Optional.of(Reason.OBJECTION)
        : Optional.empty();
  }

  /** Whether anything is asked for that a patient's decision is about. */
  private boolean asksOfPatient() {
    return terms.keySet().stream().anyMatch(Compartment::contains);
  }

  private boolean isDeniedWhole() {
    return holders.denyAll() || askers.denyAll() || (!impliesSome() && !holders.permitsSome());
  }

  private boolean impliesSome() {
    return terms.entrySet().stream()
        .filter(each -> Compartment.contains(each.getKey()))
        .flatMap(each -> each.getValue().stream())
        .anyMatch(DisclosureTerms::isImplied);
  }

  /** Whether that entry may be shared. */
  @Override
  public EntryDecision decide(Entry entry) {
    if (release.optedOut()) {
      return OPTED_OUT;
    }
    EntryLabels held = labels.labels(entry);
    @Nullable Withheld gravest = null;
    for (DisclosureTerms agreement : terms.getOrDefault(entry.type(), List.of())) {
      switch (decide(agreement, entry, held)) {
        case Disclosed disclosed -> {
          return disclosed;
        }
        case Withheld withheld -> gravest = graver(gravest, withheld);
      }
    }
    return gravest == null ? DEFAULT_DENY : gravest;
  }

  private static Withheld graver(@Nullable Withheld one, Withheld other) {
    return one == null || other.reason().compareTo(one.reason()) > 0 ? other : one;
  }

  private EntryDecision decide(DisclosureTerms agreement, Entry entry, EntryLabels held) {
    @Nullable Withheld unmet = agreement.unmet(entry, held);
    if (unmet != null) {
      return unmet;
    }
    return Compartment.contains(entry.type())
        ? decideForPatient(agreement, entry, held)
        : permitted(held, new Disclosed(agreement.agreement().id()));
  }

  private EntryDecision decideForPatient(DisclosureTerms agreement, Entry entry, EntryLabels held) {
    if (undecided()) {
      return UNDECIDED;
    }
    Ruling asker = askers.rule(entry, held);
    if (asker.effect() == Effect.DENY) {
      return new Withheld(Reason.OBJECTION, "asking:" + asker.rule());
    }
    Ruling holder = holders.rule(entry, held);
    return switch (holder.effect()) {
      case DENY -> new Withheld(Reason.OBJECTION, holder.rule());
      case PERMIT -> new Disclosed(holder.rule());
      case NONE -> implied(agreement, held);
    };
  }

  private static EntryDecision implied(DisclosureTerms agreement, EntryLabels held) {
    return agreement.isImplied()
        ? permitted(held, new Disclosed(agreement.implicitRule()))
        : new Withheld(Reason.OBJECTION, agreement.implicitRule());
  }

  /** What no Consent permits is disclosed all the same, unless a label asks for one. */
  private static EntryDecision permitted(EntryLabels held, Disclosed disclosed) {
    @Nullable String label = DisclosureTerms.consentNeeded(held);
    return label == null ? disclosed : new Withheld(Reason.LABEL, "label:" + label);
  }

  /** Whether it may be told that something is withheld for that reason. */
  @Override
  public boolean tells(Reason reason) {
    return all(
        terms ->
            switch (reason) {
              case ORIGIN -> false;
              case OBJECTION -> terms.telling().objections();
              case LABEL -> terms.telling().labels();
              case LAW -> terms.telling().law();
            });
  }

  /** Whether every agreement in play says so: none says nothing. */
  private boolean all(Predicate<ReleaseTerms> says) {
    return !inPlay.isEmpty() && inPlay.stream().map(Agreement::terms).allMatch(says);
  }

  /**
   * How that entry's decision comes about, in words: the decision, what each agreement says, which
   * lists label it, and what the Consents say.
   */
  public List<String> explain(Entry entry) {
    EntryLabels labelled = labels.labels(entry);
    List<String> sentences = new ArrayList<>();
    sentences.add(EntryWords.of(decide(entry)));
    for (DisclosureTerms agreement : terms.getOrDefault(entry.type(), List.of())) {
      sentences.add(EntryWords.of(agreement, decide(agreement, entry, labelled)));
    }
    sentences.addAll(labels.words(entry));
    if (Compartment.contains(entry.type())) {
      sentences.addAll(held(release.region().id(), holders.explain(entry, labelled)));
      sentences.addAll(held(release.requester().region(), askers.explain(entry, labelled)));
    }
    return sentences;
  }

  private static List<String> held(RegionId holder, List<String> steps) {
    return steps.stream().map(step -> "of what `" + holder + "` holds, " + step).toList();
  }
}
