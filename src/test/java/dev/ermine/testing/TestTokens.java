package dev.ermine.testing;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.nimbusds.jose.JOSEException;
import com.nimbusds.jose.JWSAlgorithm;
import com.nimbusds.jose.JWSHeader;
import com.nimbusds.jose.JWSSigner;
import com.nimbusds.jose.crypto.ECDSASigner;
import com.nimbusds.jose.crypto.MACSigner;
import com.nimbusds.jose.crypto.RSASSASigner;
import com.nimbusds.jose.crypto.opts.AllowWeakRSAKey;
import com.nimbusds.jose.jwk.Curve;
import com.nimbusds.jose.jwk.ECKey;
import com.nimbusds.jose.jwk.JWK;
import com.nimbusds.jose.jwk.OctetSequenceKey;
import com.nimbusds.jose.jwk.RSAKey;
import dev.ermine.trust.Thumbprints;
import java.nio.charset.StandardCharsets;
import java.security.cert.X509Certificate;
import java.time.Duration;
import java.time.Instant;
import java.util.Base64;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.UUID;

/**
 * A token as an asking region mints it: an A&E doctor's at Princess Alexandra, good in every way
 * until {@link #with} or {@link #without} spoils it. Each {@link #sign} has a {@code jti} of its
 * own, unless one was given.
 */
public final class TestTokens {

  private static final ObjectMapper JSON = new ObjectMapper();

  /** What is made anew for each token: {@code jti}, {@code alg}, {@code kid}. */
  private static final Object FRESH = new Object();

  private final Map<String, Object> header;
  private final Map<String, Object> claims;

  private TestTokens(Map<String, Object> header, Map<String, Object> claims) {
    this.header = header;
    this.claims = claims;
  }

  /** A token of {@code issuer} for {@code audience}, bound to {@code certificate}. */
  public static TestTokens token(
      String issuer, String audience, X509Certificate certificate, Instant now) {
    Map<String, Object> claims = new LinkedHashMap<>();
    claims.put("jti", FRESH);
    claims.put("iss", issuer);
    claims.put("sub", "10019");
    claims.put("aud", audience);
    claims.put("cnf", Map.of("x5t#S256", Thumbprints.x5tS256(certificate)));
    claims.put("purpose_of_use", List.of("TREAT"));
    claims.put("reason_for_request", "directcare");
    claims.put(
        "subject_role",
        List.of(
            Map.of(
                "system",
                "https://fhir.hl7.org.uk/CodeSystem/UKCore-SDSJobRoleName",
                "code",
                "R8000")));
    claims.put(
        "legitimate_relationship", Map.of("basis", "encounter", "reason", "attending A&E at RQW"));
    claims.put("patient", patient("9000000009"));
    claims.put("requesting_organization", organisation("RQW", "Princess Alexandra Hospital"));
    claims.put("requesting_practitioner", practitioner("10019"));
    Map<String, Object> header = new LinkedHashMap<>();
    header.put("alg", FRESH);
    header.put("kid", FRESH);
    header.put("typ", "JWT");
    return new TestTokens(header, claims).at(now);
  }

  /** The claim {@code patient}. */
  public static Map<String, Object> patient(String nhsNumber) {
    return Map.of(
        "identifier",
        nhsNumber,
        "family",
        "Okafor",
        "given",
        List.of("Ada"),
        "birthdate",
        "1961-04-02",
        "gender",
        "female");
  }

  /** The claim {@code requesting_organization}. */
  public static Map<String, Object> organisation(String ods, String name) {
    return Map.of(
        "resourceType",
        "Organization",
        "identifier",
        List.of(Map.of("system", "https://fhir.nhs.uk/Id/ods-organization-code", "value", ods)),
        "name",
        name);
  }

  /** The claim {@code requesting_practitioner}. */
  public static Map<String, Object> practitioner(String id) {
    return Map.of(
        "resourceType",
        "Practitioner",
        "id",
        id,
        "identifier",
        List.of(Map.of("system", "https://fhir.nhs.uk/Id/sds-user-id", "value", "111222333444")),
        "name",
        List.of(Map.of("family", "Jones", "given", List.of("Claire"), "prefix", List.of("Dr"))));
  }

  /** Issued now, for five minutes. */
  public TestTokens at(Instant now) {
    return at(now, Duration.ofMinutes(5));
  }

  public TestTokens at(Instant now, Duration lifetime) {
    return with("iat", now.getEpochSecond()).with("exp", now.plus(lifetime).getEpochSecond());
  }

  public TestTokens with(String claim, Object value) {
    return new TestTokens(header, plus(claims, claim, value));
  }

  public TestTokens without(String claim) {
    return new TestTokens(header, minus(claims, claim));
  }

  public TestTokens header(String name, Object value) {
    return new TestTokens(plus(header, name, value), claims);
  }

  public TestTokens withoutHeader(String name) {
    return new TestTokens(minus(header, name), claims);
  }

  /** Signed with the first of {@code ES256}, {@code ES384}, {@code PS256} that fits the key. */
  public String sign(JWK key) {
    return sign(key, algorithm(key));
  }

  /** Signed with {@code algorithm}, whatever the header says. */
  public String sign(JWK key, JWSAlgorithm algorithm) {
    return compact(headerJson(key, algorithm), payloadJson(), key, algorithm);
  }

  public String headerJson(JWK key, JWSAlgorithm algorithm) {
    Map<String, Object> names = new LinkedHashMap<>(header);
    names.replace("alg", FRESH, algorithm.getName());
    names.replace("kid", FRESH, key.getKeyID());
    return json(names);
  }

  public String payloadJson() {
    Map<String, Object> payload = new LinkedHashMap<>(claims);
    payload.replace("jti", FRESH, UUID.randomUUID().toString());
    return json(payload);
  }

  /** A compact JWS of whatever text, with a true signature. */
  public static String compact(String header, String payload, JWK key, JWSAlgorithm algorithm) {
    String input = base64(header) + "." + base64(payload);
    try {
      return input
          + "."
          + signer(key).sign(new JWSHeader(algorithm), input.getBytes(StandardCharsets.US_ASCII));
    } catch (JOSEException e) {
      throw new IllegalArgumentException(e);
    }
  }

  /** Base64url without padding. */
  public static String base64(String text) {
    return Base64.getUrlEncoder()
        .withoutPadding()
        .encodeToString(text.getBytes(StandardCharsets.UTF_8));
  }

  private static JWSSigner signer(JWK key) throws JOSEException {
    return switch (key) {
      case ECKey ec -> new ECDSASigner(ec);
      case RSAKey rsa -> new RSASSASigner(rsa, Set.of(AllowWeakRSAKey.getInstance()));
      case OctetSequenceKey secret -> new MACSigner(secret);
      default -> throw new IllegalArgumentException("no signer for " + key.getKeyType());
    };
  }

  private static JWSAlgorithm algorithm(JWK key) {
    return switch (key) {
      case ECKey ec -> ec.getCurve().equals(Curve.P_256) ? JWSAlgorithm.ES256 : JWSAlgorithm.ES384;
      case RSAKey rsa -> JWSAlgorithm.PS256;
      default -> throw new IllegalArgumentException("no algorithm for " + key.getKeyType());
    };
  }

  private static Map<String, Object> plus(Map<String, Object> map, String name, Object value) {
    Map<String, Object> more = new LinkedHashMap<>(map);
    more.put(name, value);
    return more;
  }

  private static Map<String, Object> minus(Map<String, Object> map, String name) {
    Map<String, Object> less = new LinkedHashMap<>(map);
    less.remove(name);
    return less;
  }

  private static String json(Map<String, Object> map) {
    try {
      return JSON.writeValueAsString(map);
    } catch (JsonProcessingException e) {
      throw new IllegalArgumentException(e);
    }
  }
}
