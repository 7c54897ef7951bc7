package dev.ermine.audit;

import java.time.Duration;
import java.time.Instant;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/**
 * What an audit file says of one thing that happened, without patient and user.
 *
 * @param description in the event's own words: why it was refused, what was answered
 * @param region that asked; of a notice, the region whose office was told
 * @param forwarder the region that handed it on, where one did
 * @param status the HTTP status, where there was one
 * @param route the route's template, where the event has it
 * @param trustHash the version of {@code regions.yaml} that was in force, where the event has it
 * @param asked the regions asked, each with the rules that permitted it
 * @param left the regions not asked, each with the rules that denied it
 * @param statuses each region's status in the account
 * @param question what was decided, where the event says all that decisions rest on
 * @param about of a notice: when that happened which it is about
 */
public record PastEvent(
    Instant at,
    Phase phase,
    String requestId,
    String description,
    Optional<String> region,
    Optional<String> forwarder,
    Optional<Integer> status,
    Optional<String> route,
    Optional<String> trustHash,
    Map<String, List<String>> asked,
    Map<String, List<String>> left,
    Map<String, String> statuses,
    Optional<Question> question,
    Optional<Instant> about) {

  /** At what point of a request it was written. */
  public enum Phase {
    INTENT,
    OUTCOME,
    REFUSAL,
    ACT,
    /** The glass is about to be broken. */
    OVERRIDE,
    /** A privacy office was told of it. */
    NOTICE
  }

  /**
   * All that agreements look at in a query.
   *
   * @param forwarder the region that handed it on, where one did
   * @param purposes as codes of v3 ActReason
   * @param roles as codes of UKCore-SDSJobRoleName
   * @param basis of the relationship with the patient, where one was stated
   * @param read the region of a read, which asks no other
   * @param stepUp how the user was authenticated, and how long before; where the glass is broken
   * @param ownRecord whether the patient is the user; where the glass is broken
   */
  public record Question(
      String region,
      Optional<String> forwarder,
      String organisation,
      Set<String> purposes,
      Set<String> roles,
      Optional<String> basis,
      boolean breaksGlass,
      boolean patientNamed,
      List<String> types,
      Optional<String> read,
      Optional<StepUp> stepUp,
      boolean ownRecord) {

    public Question {
      purposes = Set.copyOf(purposes);
      roles = Set.copyOf(roles);
      types = List.copyOf(types);
    }
  }

  /** How a user was authenticated, and how long before the question. */
  public record StepUp(String context, Duration age) {}

  public PastEvent {
    asked = inOrder(asked);
    left = inOrder(left);
    statuses = inOrder(statuses);
  }

  private static <V> Map<String, V> inOrder(Map<String, V> map) {
    return Collections.unmodifiableMap(new LinkedHashMap<>(map));
  }

  /** Its request's id. */
  @Override
  public String toString() {
    return "PastEvent[" + requestId + "]";
  }
}
