package dev.ermine.trust;

import dev.ermine.fhir.Coding;
import dev.ermine.fhir.NhsNumber;
import dev.ermine.fhir.PurposeOfUse;
import dev.ermine.region.Organisation;
import dev.ermine.region.Region;
import dev.ermine.region.RegionId;
import dev.ermine.region.Regions;
import java.time.Duration;
import java.time.Instant;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * A proven asker: a region's certificate with a token that is bound to it, and what the token says
 * of the person who asks. The region asks for itself, or as a gateway for another: then what may be
 * had is that other's.
 *
 * @param region the region that the person asks from: agreements are judged for it
 * @param issuer that region's: {@code iss} of what it signs, {@code originator} of what gateways
 *     hand on for it
 * @param subject {@code sub}: the user at the asking system
 * @param organisation the originating organisation, never an aggregator
 * @param userId the user's SDS user id, where there is one
 * @param name the user's name as the token has it; for audit alone
 * @param roles {@code subject_role}
 * @param purposes {@code purpose_of_use}; at least one, each must be permitted
 * @param reason {@code reason_for_request}
 * @param breakGlassReason {@code break_glass_reason}: why what is withheld must be seen now
 * @param relationship {@code legitimate_relationship}, when stated
 * @param patient {@code patient}: then the token serves that patient alone
 * @param practitioner {@code requesting_practitioner} as JSON, carried on to peers
 * @param hops ids of the gateways that the request has come through, first one first
 * @param tokenId {@code jti}
 * @param certificate SHA-256 of the sender's client certificate, base64url: {@code x5t#S256}
 * @param expires {@code exp}
 * @param scope what the token was given for; a token that its region signed has all
 * @param stepUp how the user proved who they are, and when
 * @param ownRecord whether the patient whom the token names is the user, as far as the token shows
 * @param forwarder the region whose certificate and key proved it, where that is another's gateway
 * @param timeLeft {@code time_left}: how long the gateway before this one can still wait
 */
public record Requester(
    RegionId region,
    String issuer,
    String subject,
    Organisation organisation,
    Optional<String> userId,
    Optional<String> name,
    List<Coding> roles,
    List<PurposeOfUse> purposes,
    Optional<String> reason,
    Optional<String> breakGlassReason,
    Optional<Relationship> relationship,
    Optional<Patient> patient,
    Optional<Map<String, Object>> practitioner,
    List<String> hops,
    String tokenId,
    String certificate,
    Instant expires,
    Scope scope,
    StepUp stepUp,
    boolean ownRecord,
    Optional<RegionId> forwarder,
    Optional<Duration> timeLeft) {

  /** Why the asker may see this patient's record: {@code basis}, and a reason in words. */
  public record Relationship(String basis, Optional<String> reason) {}

  /** The patient whom the token names, and the demographics the asker knows them by. */
  public record Patient(
      NhsNumber identifier,
      Optional<String> family,
      List<String> given,
      Optional<String> birthdate,
      Optional<String> gender) {
    public Patient {
      given = List.copyOf(given);
    }

    @Override
    public String toString() {
      return "Patient";
    }
  }

  /**
   * How the user proved to their own system who they are, and when.
   *
   * @param context {@code acr}
   * @param at {@code auth_time}
   * @see <a href="https://www.rfc-editor.org/rfc/rfc9470#section-6.1">RFC 9470, 6.1: {@code acr}
   *     and {@code auth_time} of access tokens</a>
   */
  public record StepUp(Optional<String> context, Optional<Instant> at) {

    /** Nothing is said of it. */
    public static final StepUp NONE = new StepUp(Optional.empty(), Optional.empty());
  }

  /** One of whose authentication nothing is said. */
  public Requester(
      RegionId region,
      String issuer,
      String subject,
      Organisation organisation,
      Optional<String> userId,
      Optional<String> name,
      List<Coding> roles,
      List<PurposeOfUse> purposes,
      Optional<String> reason,
      Optional<String> breakGlassReason,
      Optional<Relationship> relationship,
      Optional<Patient> patient,
      Optional<Map<String, Object>> practitioner,
      List<String> hops,
      String tokenId,
      String certificate,
      Instant expires,
      Scope scope) {
    this(
        region,
        issuer,
        subject,
        organisation,
        userId,
        name,
        roles,
        purposes,
        reason,
        breakGlassReason,
        relationship,
        patient,
        practitioner,
        hops,
        tokenId,
        certificate,
        expires,
        scope,
        StepUp.NONE,
        false);
  }

  /** One whose question comes straight from their own region. */
  public Requester(
      RegionId region,
      String issuer,
      String subject,
      Organisation organisation,
      Optional<String> userId,
      Optional<String> name,
      List<Coding> roles,
      List<PurposeOfUse> purposes,
      Optional<String> reason,
      Optional<String> breakGlassReason,
      Optional<Relationship> relationship,
      Optional<Patient> patient,
      Optional<Map<String, Object>> practitioner,
      List<String> hops,
      String tokenId,
      String certificate,
      Instant expires,
      Scope scope,
      StepUp stepUp,
      boolean ownRecord) {
    this(
        region,
        issuer,
        subject,
        organisation,
        userId,
        name,
        roles,
        purposes,
        reason,
        breakGlassReason,
        relationship,
        patient,
        practitioner,
        hops,
        tokenId,
        certificate,
        expires,
        scope,
        stepUp,
        ownRecord,
        Optional.empty(),
        Optional.empty());
  }

  public Requester {
    roles = List.copyOf(roles);
    purposes = List.copyOf(purposes);
    practitioner = practitioner.map(p -> Collections.unmodifiableMap(new LinkedHashMap<>(p)));
    hops = List.copyOf(hops);
    if (purposes.isEmpty()) {
      throw new IllegalArgumentException("a requester has a purpose of use");
    }
  }

  /** Whether one of the purposes is to see what is withheld otherwise. */
  public boolean breaksGlass() {
    return purposes.contains(PurposeOfUse.BREAK_THE_GLASS);
  }

  /** The region whose certificate and key proved it: its own, or the one that hands it on. */
  public RegionId sender() {
    return forwarder.orElse(region);
  }

  /** Whether its region may ask, and whoever hands its question on may do so. */
  public boolean mayAsk(Regions regions) {
    return regions.region(region).filter(Region::mayAsk).isPresent()
        && forwarder.filter(gateway -> !regions.mayForward(gateway, region)).isEmpty();
  }

  /** Whether the question has come through that region: to ask it would lead in circles. */
  public boolean cameThrough(Region region) {
    return forwarder.filter(region.id()::equals).isPresent()
        || region.answers().flatMap(Region.Answers::gateway).filter(hops::contains).isPresent();
  }

  /** Region and organisation: nothing of the person, nothing of the token. */
  @Override
  public String toString() {
    return "Requester[" + region + ", " + organisation.ods() + "]";
  }
}
