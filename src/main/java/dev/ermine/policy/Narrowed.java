package dev.ermine.policy;

import dev.ermine.policy.Decision.Deny;
import dev.ermine.region.Region;
import dev.ermine.trust.Scope;
import java.util.List;
import java.util.Set;
import java.util.stream.Collectors;

/**
 * A standing of which a token's scope leaves a part: what the token was not given for is denied,
 * whatever is agreed.
 */
record Narrowed(Scope scope, Standing agreed) implements Standing {

  private static final Deny OUT_OF_SCOPE = new Deny(List.of("scope"));

  static Standing to(Scope scope, Standing agreed) {
    return scope.equals(Scope.ALL) ? agreed : new Narrowed(scope, agreed);
  }

  @Override
  public Region releasing() {
    return agreed.releasing();
  }

  @Override
  public Decision decide(String type) {
    return scope.covers(type) ? agreed.decide(type) : OUT_OF_SCOPE;
  }

  @Override
  public Set<String> permitted() {
    return agreed.permitted().stream()
        .filter(scope::covers)
        .collect(Collectors.toUnmodifiableSet());
  }
}
