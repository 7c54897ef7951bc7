package dev.ermine.sandbox;

import com.nimbusds.jose.JOSEException;
import com.nimbusds.jose.JWSAlgorithm;
import com.nimbusds.jose.JWSHeader;
import com.nimbusds.jose.JWSSigner;
import com.nimbusds.jose.crypto.factories.DefaultJWSSignerFactory;
import com.nimbusds.jose.jwk.JWK;
import com.nimbusds.jwt.JWTClaimsSet;
import com.nimbusds.jwt.SignedJWT;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.time.Instant;
import java.util.Date;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.function.Consumer;

/** A call to a sandbox region such as the gateway makes, with the gateway's keys: for tests. */
final class GatewayCall {

  private final DevPki pki;
  private final HttpClient http;
  private final PeerRegion region;
  private final URI base;

  GatewayCall(DevPki pki, Sandbox sandbox, PeerRegion region) {
    this.pki = pki;
    this.region = region;
    this.base = sandbox.base(region);
    this.http =
        HttpClient.newBuilder().sslContext(pki.tls("gateway-client", region.id() + "-ca")).build();
  }

  HttpResponse<byte[]> get(String relative) throws IOException, InterruptedException {
    return get(URI.create(base + relative), "application/fhir+json", token());
  }

  HttpResponse<byte[]> get(URI url, String accept, String token)
      throws IOException, InterruptedException {
    var request = HttpRequest.newBuilder(url).header("Accept", accept);
    if (!token.isEmpty()) {
      request.header("Authorization", "Bearer " + token);
    }
    return http.send(request.build(), BodyHandlers.ofByteArray());
  }

  HttpResponse<byte[]> post(String relative, String form) throws IOException, InterruptedException {
    return http.send(
        HttpRequest.newBuilder(URI.create(base + relative))
            .header("Authorization", "Bearer " + token())
            .header("Content-Type", "application/x-www-form-urlencoded")
            .POST(BodyPublishers.ofString(form))
            .build(),
        BodyHandlers.ofByteArray());
  }

  String token() {
    return token(region.algorithm(), claims -> {});
  }

  /** A token that the region accepts, but for what {@code spoil} does to it. */
  String token(JWSAlgorithm algorithm, Consumer<JWTClaimsSet.Builder> spoil) {
    Instant now = Instant.now();
    var claims =
        new JWTClaimsSet.Builder()
            .issuer("https://localhost/ermine")
            .subject("10019")
            .audience(base.toString())
            .issueTime(Date.from(now))
            .expirationTime(Date.from(now.plusSeconds(120)))
            .jwtID(UUID.randomUUID().toString())
            .claim("cnf", Map.of("x5t#S256", pki.thumbprint("gateway-client")))
            .claim("act", Map.of("sub", "ermine-east"))
            .claim("hops", List.of("ermine-east"))
            .claim("purpose_of_use", List.of("TREAT"));
    spoil.accept(claims);
    try {
      JWK key = pki.signingKey(DevPki.GATEWAY, algorithm);
      JWSSigner signer = new DefaultJWSSignerFactory().createJWSSigner(key, algorithm);
      var header = new JWSHeader.Builder(algorithm).keyID(key.getKeyID()).build();
      var token = new SignedJWT(header, claims.build());
      token.sign(signer);
      return token.serialize();
    } catch (JOSEException e) {
      throw new IllegalStateException(e);
    }
  }
}
