package dev.ermine.http;

import dev.ermine.fhir.Gather;
import dev.ermine.fhir.Slice;
import io.smallrye.common.annotation.RunOnVirtualThread;
import jakarta.inject.Singleton;
import jakarta.ws.rs.GET;
import jakarta.ws.rs.Path;
import jakarta.ws.rs.core.Response;
import java.util.List;
import java.util.Map;

/** What anyone may know of the gateway: what it can do, and the keys that it signs with. */
@Path("/")
@Singleton
@RunOnVirtualThread
public final class Discovery {

  private final PublicFacts facts;

  Discovery(PublicFacts facts) {
    this.facts = facts;
  }

  /**
   * What can be asked, and how.
   *
   * @see <a href="https://hl7.org/fhir/R4/http.html#capabilities">FHIR R4: capabilities</a>
   */
  @GET
  @Path("fhir/metadata")
  public Response metadata() {
    return Reply.fhir(200, Map.of(), CapabilityStatement.of(facts)).toResponse();
  }

  /**
   * Where access tokens are to be had, and how.
   *
   * @see <a href="https://hl7.org/fhir/smart-app-launch/STU2.2/conformance.html">SMART:
   *     conformance</a>
   */
  @GET
  @Path("fhir/.well-known/smart-configuration")
  public Response smartConfiguration() {
    return Reply.json(200, Map.of(), SmartConfiguration.of(facts)).toResponse();
  }

  /**
   * The keys that the gateway's tokens are signed with, to peers and to askers.
   *
   * @see <a href="https://www.rfc-editor.org/rfc/rfc7517#section-8.5.1">RFC 7517: JWK Set</a>
   */
  @GET
  @Path(".well-known/jwks.json")
  public Response jwks() {
    Gather keys = new Gather(List.of(Slice.of(facts.jwks().get())));
    return new Reply(200, Map.of(), "application/jwk-set+json", keys).toResponse();
  }
}
