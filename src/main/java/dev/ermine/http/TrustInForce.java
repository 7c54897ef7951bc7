package dev.ermine.http;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.ermine.federation.Rehearsal;
import dev.ermine.policy.OptOuts;
import dev.ermine.region.DeclaredKey;
import dev.ermine.region.Fault;
import dev.ermine.region.LiveRegions;
import dev.ermine.region.Region;
import dev.ermine.region.Regions;
import dev.ermine.trust.KeyUses;
import dev.ermine.trust.Thumbprints;
import java.security.cert.X509Certificate;
import java.time.Instant;
import java.util.Collection;
import java.util.List;
import java.util.Locale;
import java.util.function.Supplier;

/** The version of {@code regions.yaml} in force on this pod, as officers read it. */
public final class TrustInForce {

  private static final JsonNodeFactory JSON = JsonNodeFactory.instance;

  private final LiveRegions live;
  private final KeyUses uses;
  private final Supplier<OptOuts> optOuts;

  public TrustInForce(LiveRegions live, KeyUses uses, Supplier<OptOuts> optOuts) {
    this.live = live;
    this.uses = uses;
    this.optOuts = optOuts;
  }

  /** The version that decisions rest on now. */
  Regions regions() {
    return live.current();
  }

  /** What that version comes to at that moment. */
  Rehearsal rehearsal(Instant at) {
    return new Rehearsal(regions(), optOuts.get().inForce(at));
  }

  ObjectNode json() {
    Regions regions = live.current();
    ObjectNode json = JSON.objectNode();
    json.put("serial", regions.serial());
    json.put("hash", regions.hash());
    json.put("since", live.since().toString());
    json.put("last-look", live.lastSuccess().toString());
    json.set("signed-by", texts(regions.edition().signedBy()));
    regions.edition().valid().ifPresent(valid -> json.put("valid-until", valid.until().toString()));
    regions
        .edition()
        .suspensions()
        .ifPresent(
            overlay ->
                json.putObject("suspensions")
                    .put("serial", overlay.serial())
                    .set("signed-by", texts(overlay.signedBy())));
    ArrayNode refused = JSON.arrayNode();
    live.lastFaults().orElse(List.of()).stream().map(Fault::toString).forEach(refused::add);
    if (!refused.isEmpty()) {
      json.set("refused", refused);
    }
    ArrayNode all = json.putArray("regions");
    regions.regions().forEach(region -> all.add(json(region)));
    regions
        .demographics()
        .flatMap(Region::answers)
        .ifPresent(
            answers ->
                json.putObject("demographics").set("anchors", certificates(answers.anchors())));
    return json;
  }

  private static ArrayNode texts(Collection<String> texts) {
    ArrayNode all = JSON.arrayNode();
    texts.forEach(all::add);
    return all;
  }

  private ObjectNode json(Region region) {
    ObjectNode json = JSON.objectNode();
    json.put("id", region.id().value());
    json.put("name", region.name());
    json.put("status", region.status().name().toLowerCase(Locale.ROOT));
    region
        .asks()
        .ifPresent(
            asks -> {
              ArrayNode keys = json.putArray("keys");
              DeclaredKey.of(region).forEach(key -> keys.add(json(key)));
              json.set("certificates", certificates(asks.certificates()));
            });
    region.answers().ifPresent(answers -> json.set("anchors", certificates(answers.anchors())));
    return json;
  }

  private ObjectNode json(DeclaredKey key) {
    ObjectNode json = JSON.objectNode();
    json.put("kid", key.keyId());
    json.put("thumbprint", key.thumbprint());
    json.put("use", key.use().name().toLowerCase(Locale.ROOT));
    uses.lastUse(key.owner(), key.keyId()).ifPresent(last -> json.put("last-use", last.toString()));
    return json;
  }

  private static ArrayNode certificates(List<X509Certificate> certificates) {
    ArrayNode all = JSON.arrayNode();
    for (X509Certificate certificate : certificates) {
      all.addObject()
          .put("thumbprint", Thumbprints.x5tS256(certificate))
          .put("not-after", certificate.getNotAfter().toInstant().toString());
    }
    return all;
  }
}
