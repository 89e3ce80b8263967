/**
 * What clients and stores see: the calls of the placement driver ({@link
 * dev.kittiwake.pd.api.PdApi}, one family of calls per file), over gRPC ({@link
 * dev.kittiwake.pd.api.PdGrpcService}), the part of etcd's interface that clients ask for ({@link
 * dev.kittiwake.pd.api.EtcdFacade}) and HTTP ({@link dev.kittiwake.pd.api.HttpApi}), all on one
 * port: {@link dev.kittiwake.pd.api.PdListener} looks at the first bytes of a connection.
 */
package dev.kittiwake.pd.api;
