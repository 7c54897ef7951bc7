package dev.ermine.app;

import dev.ermine.region.Regions;
import dev.ermine.region.Stage;
import dev.ermine.trust.GatewayKeys;
import dev.ermine.trust.Officers;
import java.nio.file.Path;

/**
 * What the gateway stands on: its files, read at start and found good together.
 *
 * @param stage whether development keys are believed
 * @param base its base URL, without trailing slash
 * @param regions the first version in force
 * @param keys what tokens to peers are signed with
 * @param client what is shown to peers
 * @param server what is shown to askers
 * @param officers who may come to the addresses of trust
 * @param auditFile where audit records go
 */
record Ground(
    Stage stage,
    String base,
    Regions regions,
    GatewayKeys keys,
    LivePair client,
    LivePair server,
    Officers officers,
    Path auditFile) {}
