package dev.ermine.policy;

import dev.ermine.fhir.Entry;
import dev.ermine.policy.EntryDecision.Reason;
import java.util.List;
import java.util.Optional;

/**
 * All that decides whether an entry of one region may be shared: labels, the law, and the patient's
 * decision, as the region and as the asker's own region hold it.
 */
public final class EntryRules {

  private final Release release;
  private final ConsentRules holders;
  private final ConsentRules askers;

  private EntryRules(Release release, ConsentRules holders, ConsentRules askers) {
    this.release = release;
    this.holders = holders;
    this.askers = askers;
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
  public boolean undecided() {
    return holders.undecided() || askers.undecided();
  }

  /** Why nothing at all is disclosed, whatever there may be; empty: entries decide. */
  public Optional<Reason> withholdAll() {
    return holders.denyAll() || askers.denyAll() ? Optional.of(Reason.OBJECTION) : Optional.empty();
  }

  /** Whether that entry may be shared. */
  public EntryDecision decide(Entry entry) {
    return new EntryDecision.Disclosed(release.region().id().value());
  }

  /** How that entry's decision comes about, in words. */
  public List<String> explain(Entry entry) {
    return List.of(
        switch (decide(entry)) {
          case EntryDecision.Disclosed(String rule) -> "it is disclosed, by `" + rule + "`";
          case EntryDecision.Withheld(_, String rule) -> "it is withheld, by `" + rule + "`";
        });
  }

  /** Whether it may be told that something is withheld for that reason. */
  public boolean tells(Reason reason) {
    return release.permits().values().stream()
        .flatMap(java.util.Collection::stream)
        .map(agreement -> agreement.terms().telling())
        .allMatch(
            telling ->
                switch (reason) {
                  case OBJECTION -> telling.objections();
                  case LABEL -> telling.labels();
                  case LAW -> telling.law();
                });
  }
}
