package dev.ermine.testing;

import com.nimbusds.jose.JOSEException;
import com.nimbusds.jose.JOSEObjectType;
import com.nimbusds.jose.JWSAlgorithm;
import com.nimbusds.jose.JWSHeader;
import com.nimbusds.jose.crypto.ECDSASigner;
import com.nimbusds.jose.jwk.JWK;
import com.nimbusds.jwt.JWTClaimsSet;
import com.nimbusds.jwt.SignedJWT;
import dev.ermine.sandbox.DevPki;
import java.io.IOException;
import java.net.URI;
import java.net.URLEncoder;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Date;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.UUID;

/**
 * A clinician's system of a region that asks the gateway: with the region's client certificate, and
 * a fresh one-use token for every request. Unless told otherwise it is an A&amp;E doctor's at
 * Princess Alexandra, for direct care.
 */
public final class Asker {

  /** The identifier system and the bar before an NHS number. */
  public static final String NHS_NUMBER = "https://fhir.nhs.uk/Id/nhs-number|";

  private static final String FHIR_JSON = "application/fhir+json";

  private final DevPki pki;
  private final String region;
  private final URI base;
  private final HttpClient http;
  private final Map<String, Object> claims;

  private Asker(DevPki pki, String region, URI base, HttpClient http, Map<String, Object> claims) {
    this.pki = pki;
    this.region = region;
    this.base = base;
    this.http = http;
    this.claims = claims;
  }

  /** An asker of {@code region} before the gateway at {@code base}. */
  public static Asker of(DevPki pki, String region, URI base) {
    var http =
        HttpClient.newBuilder().sslContext(pki.tls(region + "-client", "gateway-ca")).build();
    return new Asker(pki, region, base, http, doctor());
  }

  /** The same with another value of a claim of its tokens; null leaves the claim out. */
  public Asker with(String claim, Object value) {
    var changed = new LinkedHashMap<>(claims);
    changed.put(claim, value);
    return new Asker(pki, region, base, http, changed);
  }

  /** The same with tokens that serve one patient alone. */
  public Asker about(String nhsNumber) {
    return with("patient", Map.of("identifier", nhsNumber));
  }

  /** A search by POST; {@code path} is {@code /fhir/Condition/_search}, say. */
  public HttpResponse<byte[]> search(String path, Map<String, String> form) {
    return send(
        request(path)
            .header("Content-Type", "application/x-www-form-urlencoded")
            .POST(BodyPublishers.ofString(encode(form))));
  }

  /** A search of one type for one patient, by POST. */
  public HttpResponse<byte[]> search(String type, String nhsNumber) {
    String parameter = type.equals("Patient") ? "identifier" : "patient.identifier";
    return search("/fhir/" + type + "/_search", Map.of(parameter, NHS_NUMBER + nhsNumber));
  }

  /** A GET of a path below the base, or of an address under it; query encoded already. */
  public HttpResponse<byte[]> get(String address) {
    return send(request(address));
  }

  /** A read that names its patient in the header. */
  public HttpResponse<byte[]> read(String address, String nhsNumber) {
    return send(request(address).header("Ermine-Patient", NHS_NUMBER + nhsNumber));
  }

  /** A request to fill in, with a fresh token. */
  public HttpRequest.Builder request(String address) {
    URI url = address.startsWith("https:") ? URI.create(address) : URI.create(base + address);
    return HttpRequest.newBuilder(url)
        .header("Authorization", "Bearer " + token())
        .header("Accept", FHIR_JSON);
  }

  /** Sends a request with the region's certificate. */
  public HttpResponse<byte[]> send(HttpRequest.Builder request) {
    try {
      return http.send(request.build(), BodyHandlers.ofByteArray());
    } catch (IOException e) {
      throw new java.io.UncheckedIOException(e);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new IllegalStateException("interrupted while waiting for the gateway", e);
    }
  }

  /** A token for one request, good for five minutes. */
  public String token() {
    Instant now = Instant.now();
    var body =
        new JWTClaimsSet.Builder()
            .issuer("https://" + region + ".example.nhs.uk")
            .audience(base + "/fhir")
            .issueTime(Date.from(now))
            .expirationTime(Date.from(now.plusSeconds(300)))
            .jwtID(UUID.randomUUID().toString())
            .claim("cnf", Map.of("x5t#S256", pki.thumbprint(region + "-client")));
    claims.forEach(body::claim);
    JWK key = pki.signingKey(region, JWSAlgorithm.ES256);
    var header =
        new JWSHeader.Builder(JWSAlgorithm.ES256)
            .type(JOSEObjectType.JWT)
            .keyID(key.getKeyID())
            .build();
    try {
      var token = new SignedJWT(header, body.build());
      token.sign(new ECDSASigner(key.toECKey()));
      return token.serialize();
    } catch (JOSEException e) {
      throw new IllegalStateException("could not sign a token", e);
    }
  }

  /** Parameters as a form or query has them. */
  public static String encode(Map<String, String> parameters) {
    var pairs = new ArrayList<String>();
    parameters.forEach((name, value) -> pairs.add(encode(name) + "=" + encode(value)));
    return String.join("&", pairs);
  }

  private static String encode(String text) {
    return URLEncoder.encode(text, StandardCharsets.UTF_8);
  }

  private static Map<String, Object> doctor() {
    var claims = new LinkedHashMap<String, Object>();
    claims.put("sub", "10019");
    claims.put("purpose_of_use", List.of("TREAT"));
    claims.put("reason_for_request", "directcare");
    claims.put("subject_role", List.of(coded("UKCore-SDSJobRoleName", "R8000")));
    claims.put(
        "legitimate_relationship", Map.of("basis", "encounter", "reason", "attending A&E at RQW"));
    claims.put(
        "requesting_organization",
        Map.of(
            "resourceType",
            "Organization",
            "identifier",
            List.of(
                Map.of("system", "https://fhir.nhs.uk/Id/ods-organization-code", "value", "RQW")),
            "name",
            "Princess Alexandra Hospital"));
    claims.put(
        "requesting_practitioner",
        Map.of(
            "resourceType",
            "Practitioner",
            "id",
            "10019",
            "identifier",
            List.of(
                Map.of("system", "https://fhir.nhs.uk/Id/sds-user-id", "value", "111222333444")),
            "name",
            List.of(Map.of("family", "Jones"))));
    return claims;
  }

  private static Map<String, Object> coded(String codeSystem, String code) {
    return Map.of("system", "https://fhir.hl7.org.uk/CodeSystem/" + codeSystem, "code", code);
  }

  /** The region alone. */
  @Override
  public String toString() {
    return "Asker[" + region + "]";
  }
}
