package dev.ermine.trust;

/**
 * An officer who may sign changes of trust, as the gateway's own configuration has them.
 *
 * @param id which signatures name as {@code kid}
 */
public record Signatory(String id, OfficerKey key, Tenure tenure) {

  private static final int MAX_ID = 40;

  /** Whether that can be an officer's id: lower-case words joined by hyphens. */
  public static boolean isId(String text) {
    return text.length() <= MAX_ID && text.matches("[a-z][a-z0-9]*(-[a-z0-9]+)*");
  }
}
