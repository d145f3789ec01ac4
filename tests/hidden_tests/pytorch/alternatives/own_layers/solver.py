import torch


class Solver:
    def _compute_loss_update_params(self, data, target):
        if not self.model.training:
            with torch.no_grad():
                output = self.model.forward(data)
                return output, self.criterion.forward(output, target)
        self.optimizer.zero_grad()
        output = self.model.forward(data)
        loss = self.criterion.forward(output, target)
        loss.backward()
        self.optimizer.step()
        return output, loss
