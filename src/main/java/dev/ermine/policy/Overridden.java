package dev.ermine.policy;

import static dev.ermine.policy.AgreementTerms.anyOr;

import dev.ermine.policy.Decision.Deny;
import dev.ermine.region.Denial;
import dev.ermine.region.Region;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.stream.Collectors;

/**
 * A standing above which denials stand.
 *
 * @param agreed what agreements alone would decide
 * @param denials those whose terms are met but for the type; at least one
 */
record Overridden(Standing agreed, List<Denial> denials) implements Standing {

  @Override
  public Region releasing() {
    return agreed.releasing();
  }

  @Override
  public Decision decide(String type) {
    List<String> denied = denied(type);
    return denied.isEmpty() ? agreed.decide(type) : new Deny(denied);
  }

  private List<String> denied(String type) {
    List<String> ids = new ArrayList<>(denials.size());
    for (Denial denial : denials) {
      if (anyOr(denial.types(), type)) {
        ids.add(denial.id());
      }
    }
    return ids;
  }

  @Override
  public Set<String> permitted() {
    return agreed.permitted().stream()
        .filter(type -> denied(type).isEmpty())
        .collect(Collectors.toUnmodifiableSet());
  }
}
