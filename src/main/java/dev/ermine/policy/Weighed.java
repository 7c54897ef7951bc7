package dev.ermine.policy;

import dev.ermine.policy.AgreementTerms.Term;
import dev.ermine.policy.Decision.Deny;
import dev.ermine.policy.Decision.Permit;
import dev.ermine.region.Region;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Set;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/**
 * A standing on which several agreements have a say.
 *
 * @param unmet for each agreement the first unmet term of those that hold for every type
 * @param toPatients whether it is a patient who is shown what is shared
 */
record Weighed(
    Region releasing,
    List<AgreementTerms> agreements,
    List<@Nullable Term> unmet,
    boolean toPatients)
    implements Standing {

  Weighed {
    unmet = Collections.unmodifiableList(unmet);
  }

  @Override
  public Decision decide(String type) {
    List<String> permits = new ArrayList<>(agreements.size());
    List<String> lacks = new ArrayList<>(agreements.size());
    for (int i = 0; i < agreements.size(); i++) {
      AgreementTerms agreement = agreements.get(i);
      Term always = unmet.get(i);
      Term lack = always == null ? agreement.unmet(type, toPatients) : always;
      if (lack == null) {
        permits.add(agreement.id());
      } else {
        lacks.add(agreement.id(lack));
      }
    }
    if (permits.isEmpty()) {
      return new Deny(lacks);
    }
    String lack = Standing.lacks(releasing, type);
    return lack == null ? new Permit(permits) : new Deny(List.of(releasing.id() + lack));
  }

  @Override
  public Set<String> permitted() {
    return releasing.answers().map(Region.Answers::types).orElse(Set.of()).stream()
        .filter(type -> decide(type) instanceof Permit)
        .collect(Collectors.toUnmodifiableSet());
  }
}
