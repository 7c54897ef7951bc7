package dev.ermine.policy;

import java.util.List;

/**
 * The answer to a {@link Question}, with the ids of the rules that gave it.
 *
 * <p>A rule id is an agreement's id, alone when it permits, followed by {@code #} and the term that
 * was not met when it denies ({@code DSA-2021-LCR-HWE#purpose}); a denial's id; a region's id with
 * {@code #answers} or {@code #type} when an agreement permits what the region does not have; {@code
 * default-deny} when no agreement speaks of both regions; {@code scope} when the asker's token was
 * not given for the type.
 */
public sealed interface Decision {

  /** The rules that decided; at least one. */
  List<String> rules();

  /** Yes. */
  record Permit(List<String> rules) implements Decision {
    public Permit {
      rules = List.copyOf(rules);
    }
  }

  /** No: nothing is asked. */
  record Deny(List<String> rules) implements Decision {
    public Deny {
      rules = List.copyOf(rules);
    }
  }
}
