package dev.ermine.trust;

/** What the token endpoint decides: an access token, or why there is none. */
public sealed interface Grant permits Grant.Granted, Trust.Untrusted {

  /**
   * An access token.
   *
   * @param requester whom it proves, and until when
   * @param trustHash the version of {@code regions.yaml} that it was granted under
   */
  record Granted(String token, Requester requester, String trustHash) implements Grant {
    /** Never the token. */
    @Override
    public String toString() {
      return "Granted[" + requester + "]";
    }
  }
}
