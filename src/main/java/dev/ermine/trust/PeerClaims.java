package dev.ermine.trust;

import dev.ermine.fhir.Coding;
import dev.ermine.fhir.NhsNumber;
import dev.ermine.fhir.PurposeOfUse;
import dev.ermine.region.Organisation;
import dev.ermine.region.Region;
import dev.ermine.region.Regions;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * What a token for a peer says: GP Connect's claims of the originator, and the gateway as the one
 * who acts.
 *
 * @param issuer the gateway's base URL
 */
record PeerClaims(String issuer) {

  /**
   * All but the instants and the id. A gateway hears besides in which region the question began.
   *
   * @param answers how the peer is asked
   * @param thumbprint of the gateway's client certificate
   */
  Map<String, Object> of(
      Requester requester,
      Region.Answers answers,
      Regions.Gateway gateway,
      NhsNumber patient,
      String thumbprint) {
    Map<String, Object> claims = new LinkedHashMap<>();
    claims.put("iss", issuer);
    claims.put("sub", requester.subject());
    claims.put("aud", answers.token().audience());
    claims.put("cnf", Map.of("x5t#S256", thumbprint));
    claims.put("act", act(gateway));
    claims.put("hops", hops(requester, gateway));
    answers.gateway().ifPresent(_ -> claims.put("originator", requester.issuer()));
    claims.putAll(context(requester));
    claims.put("patient", patient(requester.patient(), patient));
    if (requester.breaksGlass()) {
      claims.putAll(stepUp(requester.stepUp()));
    }
    return claims;
  }

  /** On whose behalf: what each token that speaks for a requester says of them. */
  static Map<String, Object> context(Requester requester) {
    Map<String, Object> claims = new LinkedHashMap<>();
    claims.put("purpose_of_use", purposes(requester));
    requester.reason().ifPresent(reason -> claims.put("reason_for_request", reason));
    requester.breakGlassReason().ifPresent(reason -> claims.put("break_glass_reason", reason));
    claims.put("subject_role", requester.roles().stream().map(PeerClaims::role).toList());
    requester.relationship().ifPresent(r -> claims.put("legitimate_relationship", relationship(r)));
    claims.put("requesting_organization", organisation(requester.organisation()));
    claims.put("requesting_practitioner", practitioner(requester));
    return claims;
  }

  /** How the user proved who they are, and when. */
  static Map<String, Object> stepUp(Requester.StepUp stepUp) {
    Map<String, Object> claims = new LinkedHashMap<>();
    stepUp.context().ifPresent(context -> claims.put("acr", context));
    stepUp.at().ifPresent(at -> claims.put("auth_time", at.getEpochSecond()));
    return claims;
  }

  /** The patient as the requester's own token has them. */
  static Map<String, Object> patient(Requester.Patient patient) {
    return patient(Optional.of(patient), patient.identifier());
  }

  private Map<String, Object> act(Regions.Gateway gateway) {
    return Map.of("sub", gateway.id(), "iss", issuer, "organization", gateway.organisation().ods());
  }

  private static List<String> hops(Requester requester, Regions.Gateway gateway) {
    List<String> hops = new ArrayList<>(requester.hops());
    hops.add(gateway.id());
    return hops;
  }

  private static List<String> purposes(Requester requester) {
    return requester.purposes().stream().map(PurposeOfUse::code).toList();
  }

  private static Map<String, Object> role(Coding role) {
    return Map.of("system", role.system(), "code", role.code());
  }

  private static Map<String, Object> relationship(Requester.Relationship relationship) {
    Map<String, Object> claim = new LinkedHashMap<>();
    claim.put("basis", relationship.basis());
    relationship.reason().ifPresent(reason -> claim.put("reason", reason));
    return claim;
  }

  /** The patient asked about, with the demographics that the asker knows them by. */
  private static Map<String, Object> patient(Optional<Requester.Patient> named, NhsNumber asked) {
    Map<String, Object> claim = new LinkedHashMap<>();
    claim.put("identifier", asked.value());
    named.ifPresent(patient -> addDemographics(claim, patient, asked));
    return claim;
  }

  private static void addDemographics(
      Map<String, Object> claim, Requester.Patient patient, NhsNumber asked) {
    if (!patient.identifier().equals(asked)) {
      throw new IllegalArgumentException("the requester's token serves another patient");
    }
    patient.family().ifPresent(family -> claim.put("family", family));
    if (!patient.given().isEmpty()) {
      claim.put("given", patient.given());
    }
    patient.birthdate().ifPresent(birthdate -> claim.put("birthdate", birthdate));
    patient.gender().ifPresent(gender -> claim.put("gender", gender));
  }

  private static Map<String, Object> organisation(Organisation organisation) {
    return Map.of(
        "resourceType",
        "Organization",
        "identifier",
        List.of(Map.of("system", Organisation.SYSTEM, "value", organisation.ods())),
        "name",
        organisation.name());
  }

  /** As the originator's token had it, or what is known of the user where it had none. */
  private static Map<String, Object> practitioner(Requester requester) {
    return requester.practitioner().orElseGet(() -> knownPractitioner(requester));
  }

  private static Map<String, Object> knownPractitioner(Requester requester) {
    Map<String, Object> claim = new LinkedHashMap<>();
    claim.put("resourceType", "Practitioner");
    claim.put("id", requester.subject());
    requester
        .userId()
        .map(id -> Map.of("system", RequesterClaims.SDS_USER, "value", id))
        .ifPresent(identifier -> claim.put("identifier", List.of(identifier)));
    requester.name().ifPresent(name -> claim.put("name", List.of(Map.of("text", name))));
    return claim;
  }
}
