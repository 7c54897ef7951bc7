package dev.ermine.trust;

import java.util.Locale;

/** What a security officer may do at the gateway's {@code /trust} addresses. */
public enum OfficerRole {
  /** Sees the version of trust in force, keys and their last use. */
  VIEWER,
  /** Asks what would be decided, and why something was refused. */
  EXPLAINER;

  /** As the configuration writes it. */
  public String code() {
    return name().toLowerCase(Locale.ROOT);
  }
}
